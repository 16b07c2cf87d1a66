using System.Runtime.CompilerServices;
using Proofgate.Audit.Events;

namespace Proofgate.Audit.Ledger;

/// <summary>
/// Reads all events of the ledger, log by log: for those who ask what was recorded, not for those who verify. Events are given as they stand, unchecked against
/// the tree; leaves of the writer and what they flag are left out.
/// </summary>
public static class LedgerEvents
{
    /// <exception cref="LedgerUnavailableException">The table is out of reach.</exception>
    public static async IAsyncEnumerable<ReadEvent> ReadAllAsync(ILedgerTable table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var key = ""; await table.NextPartitionAsync(key, cancellationToken).ConfigureAwait(false) is { } next; key = next)
        {
            if (!LogName.TryParse(next, out _))
            {
                continue;
            }

            var leaves = new EventLeaves();
            await foreach (var row in table.ReadAsync(next, LedgerKeys.FirstEvent, LedgerKeys.AfterEvents, null, cancellationToken).ConfigureAwait(false))
            {
                if (EventRow.Read(row, out _) is { } leaf && leaves.Read(leaf.Body) is { } read)
                {
                    yield return read;
                }
            }
        }
    }
}
