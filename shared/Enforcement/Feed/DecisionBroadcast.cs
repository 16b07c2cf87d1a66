using System.Collections.Immutable;
using Proofgate.Audit;
using Proofgate.Audit.Sealing;

namespace Proofgate.Enforcement.Feed;

/// <summary>
/// Hands each acknowledged event to who watches, and waits for none of them. While nobody watches it costs one look at an empty list. It is fed where events
/// are published in this process, or, in an app that decides nothing that is worth watching, from the ledger (<see cref="LedgerFeed"/>).
/// </summary>
public sealed class DecisionBroadcast(PersonalSealer sealer) : IDecisionFeed
{
    /// <summary>Watchers of one instance.</summary>
    public const int MaxWatchers = 64;

    private ImmutableList<DecisionWatch> _watches = [];

    internal bool IsWatched => !Volatile.Read(ref _watches).IsEmpty;

    /// <summary>Set where the ledger feeds this: completes when what comes after a moment from now will be seen.</summary>
    internal Func<CancellationToken, Task>? LedgerReached { get; set; }

    public async Task<DecisionWatch?> WatchAsync(string tenant, CancellationToken cancellationToken)
    {
        var watch = new DecisionWatch(this, tenant);
        if (!ImmutableInterlocked.Update(ref _watches, static (all, added) => all.Count < MaxWatchers ? all.Add(added) : all, watch))
        {
            return null;
        }

        try
        {
            await (LedgerReached?.Invoke(cancellationToken) ?? Task.CompletedTask);
            return watch;
        }
        catch
        {
            watch.Dispose();
            throw;
        }
    }

    internal void Remove(DecisionWatch watch) => ImmutableInterlocked.Update(ref _watches, static (all, gone) => all.Remove(gone), watch);

    /// <summary>For where events are published: after the acknowledgement, and never instead of it.</summary>
    internal void Published(AuditEvent auditEvent)
    {
        if (LedgerReached is null && IsWatched)
        {
            var personal = auditEvent.Personal;
            Show(DecisionSighting.Of(auditEvent, personal is null ? null : sealer.LookupOf(personal.Tenant, personal.Subject)));
        }
    }

    internal void Show(DecisionSighting? sighting)
    {
        if (sighting is null)
        {
            return;
        }

        foreach (var watch in Volatile.Read(ref _watches))
        {
            if (sighting.Request.Tenant == watch.Tenant)
            {
                watch.Offer(sighting);
            }
        }
    }
}
