using System.Runtime.CompilerServices;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Verification;

/// <summary>The newest leaves of all logs, and those that come: for people who watch. It verifies nothing.</summary>
public sealed class LedgerTail(ILedgerTable table, TimeProvider time)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <param name="last">How many leaves of each log to begin with.</param>
    /// <param name="follow">Whether to wait for more, until cancelled.</param>
    /// <exception cref="LedgerUnavailableException">The table is out of reach.</exception>
    public async IAsyncEnumerable<TailEntry> ReadAsync(int last, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = new Dictionary<string, long>(StringComparer.Ordinal);
        do
        {
            var after = "";
            while (await table.NextPartitionAsync(after, cancellationToken).ConfigureAwait(false) is { } key)
            {
                after = key;
                if (!next.TryGetValue(key, out var from))
                    from = Math.Max(0, (await HeadAsync(key, cancellationToken).ConfigureAwait(false)) - last);
                await foreach (var row in table.ReadAsync(key, LedgerKeys.Event(from), LedgerKeys.AfterEvents, null, cancellationToken).ConfigureAwait(false))
                {
                    if (EventRow.Read(row, out _) is not { } leaf)
                        continue;
                    from = leaf.Index + 1;
                    yield return Describe(key, leaf);
                }

                next[key] = from;
            }

            if (follow)
                await Task.Delay(Pace, time, cancellationToken).ConfigureAwait(false);
        }
        while (follow);
    }

    private async Task<long> HeadAsync(string key, CancellationToken cancellationToken)
    {
        await foreach (var row in table.ReadAsync(key, LedgerKeys.FirstCommit, LedgerKeys.AfterCommits, 1, cancellationToken).ConfigureAwait(false))
        {
            if (LedgerKeys.TryCommit(row.RowKey, out var size))
                return size;
        }

        return 0;
    }

    private static TailEntry Describe(string key, EventRow leaf)
    {
        if (!EventEnvelope.TryRead(leaf.Body, out var envelope))
            return new TailEntry(key, leaf.Index, WriterLeaf.TryRead(leaf.Body, out var written) ? KindOf(written!) : "opaque", null, null, null, null);
        var result = EventReader.Read(envelope, leaf.Body, out _)?.Event switch
        {
            DecisionEvent decision => $"{(decision.Decision.Allowed ? "allowed" : "denied")} {decision.Decision.Action} {decision.Decision.Resource}{OriginOf(decision.Decision)}",
            OutcomeEvent outcome => $"{outcome.Result} {outcome.Status}",
            RefusalEvent refusal => $"{refusal.Reason} {refusal.Status}",
            RefusalsEvent refusals => $"{refusals.Count} x {refusals.Reason}",
            SourceEvent source => source.Act,
            KeyEvent administered => $"{administered.Act} {administered.KeyId}",
            PolicyEvent policy => $"{policy.Act} {policy.Digest}",
            DenyEvent deny => $"{deny.Act} {deny.Type}",
            _ => null,
        };
        return new TailEntry(key, leaf.Index, envelope.Kind, envelope.Time, envelope.Id, envelope.Correlation, result);
    }

    /// <summary>Where a call's content comes from, as far as it told.</summary>
    private static string OriginOf(DecisionRecord decision) =>
        (decision.Datasets.Count > 0 ? $" datasets {string.Join(',', decision.Datasets)}" : "")
        + (decision.Lineage.Count > 0 ? $" lineage {string.Join(',', decision.Lineage)}" : "")
        + (decision.Session is { } session ? $" session {session}" : "");

    private static string KindOf(WriterLeaf leaf) => leaf switch
    {
        WriterLeaf.Epoch => "epoch",
        WriterLeaf.Closed => "closed",
        WriterLeaf.Gap => "gap",
        WriterLeaf.Conflict => "conflict",
        _ => "opaque",
    };
}
