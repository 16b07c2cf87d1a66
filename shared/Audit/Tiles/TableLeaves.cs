using System.Runtime.CompilerServices;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Tiles;

/// <summary>The leaves of a log as its committed rows have them.</summary>
internal sealed class TableLeaves(ILedgerTable table, LogName name) : ILeafSource
{
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        long from, long before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = from;
        var rows = table.ReadAsync(name.ToString(), LedgerKeys.Event(from), LedgerKeys.Event(before), null, cancellationToken);
        await foreach (var row in rows.ConfigureAwait(false))
        {
            if (EventRow.Read(row, out _) is not { } leaf || leaf.Index != next)
                throw new EvidenceDamagedException($"Row {LedgerKeys.Event(next)} of {name} is missing or was changed. Run proofgate audit verify.");
            next++;
            yield return leaf.Body;
        }

        if (next != before)
            throw new EvidenceDamagedException($"Row {LedgerKeys.Event(next)} of {name} is missing. Run proofgate audit verify.");
    }
}
