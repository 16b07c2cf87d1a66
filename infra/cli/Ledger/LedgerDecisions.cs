using System.Runtime.CompilerServices;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Enforcement.Replay;

namespace Proofgate.Cli.Ledger;

/// <summary>The decisions that the ledger recorded, opened with the master key.</summary>
internal sealed class LedgerDecisions(LedgerPlace place, ILedgerTable table, DecisionOpener opener)
{
    internal static CliError Unreachable { get; } = CliError.Unreachable(
        "ledger_unreachable", "the audit log, or the table of data keys beside it, could not be read to its end: is the gateway's storage going, and may you read it?");

    internal string Named => place.Named;

    /// <summary>Every decision and refused decision, with its request; null where that cannot be opened or there is none.</summary>
    internal async IAsyncEnumerable<(ReadEvent Read, RecordedDecision? Decision)> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var read in LedgerEvents.ReadAllAsync(table, cancellationToken))
        {
            if (DecisionOpener.RecordOf(read) is { } record)
            {
                yield return (read, await opener.OpenAsync(read, record, cancellationToken));
            }
        }
    }
}
