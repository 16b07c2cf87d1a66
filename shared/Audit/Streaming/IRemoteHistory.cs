namespace Proofgate.Audit.Streaming;

/// <summary>A stream outside this process, whose records a trigger brings.</summary>
public interface IRemoteHistory : IStreamHistory
{
    /// <summary>Asks the stream which one it is: it may have been made anew since the last time.</summary>
    Task<StreamIdentity> IdentifyAsync(CancellationToken cancellationToken);
}
