namespace Proofgate.Data.Connectors;

/// <summary>A source that cannot be asked, or failed. The message is the gateway's own: a driver's can quote values.</summary>
public sealed class SourceException(string message, bool timedOut = false, Exception? innerException = null) : Exception(message, innerException)
{
    public bool TimedOut => timedOut;

    /// <summary>Set where it is the query's doing: 400, and this code.</summary>
    public string? Code { get; init; }
}
