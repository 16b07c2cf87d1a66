namespace Proofgate.Audit.Streaming;

/// <summary>Reads again what a stream partition still holds: asked before a hole in sequence numbers is called a gap.</summary>
public interface IStreamHistory
{
    /// <summary>The records that still exist, in order, from <paramref name="from"/> inclusive to <paramref name="before"/> exclusive. Does not wait for new ones.</summary>
    Task<IReadOnlyList<StreamRecord>> ReadAgainAsync(int partition, long from, long before, CancellationToken cancellationToken);
}
