namespace Proofgate.Enforcement.Feed;

/// <summary>Decisions and refusals as they happen.</summary>
public interface IDecisionFeed
{
    /// <summary>Begins to watch one tenant's, from now on. Dispose what it gives.</summary>
    /// <returns>Null if as many watch already as this instance can serve.</returns>
    /// <exception cref="Audit.LedgerUnavailableException">The feed is read from the ledger, which is out of reach.</exception>
    Task<DecisionWatch?> WatchAsync(string tenant, CancellationToken cancellationToken);
}
