namespace Proofgate.Enforcement.Tools;

/// <summary>A tool's source did not answer, or not in a form that can be released. The message is for callers: no address, no content.</summary>
public sealed class ToolSourceException(string message, bool timedOut, Exception? innerException = null) : Exception(message, innerException)
{
    public bool TimedOut => timedOut;
}
