namespace Proofgate.Inference;

/// <summary>An upstream gave no answer: not reached, refused, or too slow. The message names the upstream and never its secret.</summary>
public sealed class UpstreamException(string message, bool timedOut, Exception? inner = null) : Exception(message, inner)
{
    public bool TimedOut => timedOut;
}
