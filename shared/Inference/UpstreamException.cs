namespace Proofgate.Inference;

/// <summary>An upstream gave no answer: not reached, refused, or too slow. The message names the upstream and never its secret.</summary>
public sealed class UpstreamException(string message, bool timedOut, Exception? inner = null) : Exception(message, inner)
{
    public bool TimedOut => timedOut;

    /// <summary>Whether a part of an answer had come. Then it may have been worked for, and nobody is asked again.</summary>
    public bool AnswerBegan { get; init; }

    /// <summary>When it is worth to ask again; null where nobody knows.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
