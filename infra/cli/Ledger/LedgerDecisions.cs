using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Sealing;
using Proofgate.AzureStores;
using Proofgate.Enforcement.Replay;

namespace Proofgate.Cli.Ledger;

/// <summary>The decisions that the ledger recorded, opened with the master key.</summary>
internal sealed class LedgerDecisions(LedgerPlace place, ILedgerTable table, ISubjectKeyStore keys, AuditKeys master, TimeProvider time)
{
    private readonly PersonalSealer _sealer = new(keys, master, Options.Create(new AuditOptions()), time);

    internal static CliError Unreachable { get; } = CliError.Unreachable(
        "ledger_unreachable", "the audit log, or the table of data keys beside it, could not be read to its end: is the gateway's storage going, and may you read it?");

    internal string Named => place.Named;

    /// <summary>Every decision and refused decision, with its request; null where that cannot be opened or there is none.</summary>
    internal async IAsyncEnumerable<(ReadEvent Read, RecordedDecision? Decision)> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var read in LedgerEvents.ReadAllAsync(table, cancellationToken))
        {
            var record = read.Event switch
            {
                DecisionEvent decision => decision.Decision,
                RefusalEvent refusal => refusal.Decision,
                _ => null,
            };
            if (record is null)
            {
                continue;
            }

            RecordedDecision? opened = null;
            if (read.Personal is { } part
                && await _sealer.OpenAsync(part, read.Event.Id, cancellationToken) is PersonalPartResult.Opened json
                && RecordedDecision.TryRead(record, json.Json, out var whole))
            {
                opened = whole;
            }

            yield return (read, opened);
        }
    }

    internal static bool IsOutage(Exception exception) =>
        exception is LedgerUnavailableException or StoreUnavailableException or MalformedRowException or IOException;
}
