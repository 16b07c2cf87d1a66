using System.Runtime.CompilerServices;

namespace Proofgate.Audit.Checkpoints;

/// <summary>The logs of a hub that the table has.</summary>
internal static class HubLogs
{
    internal static async IAsyncEnumerable<string> ReadAsync(
        ILedgerTable table, LogOrigin origin, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var prefix = $"{origin.Hub}-";
        var after = prefix;
        while (await table.NextPartitionAsync(after, cancellationToken).ConfigureAwait(false) is { } key && key.StartsWith(prefix, StringComparison.Ordinal))
        {
            after = key;
            if (key != origin.SuperLog && origin.Has(key))
                yield return key;
        }
    }
}
