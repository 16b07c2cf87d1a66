using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Audit.Sealing;
using Proofgate.AzureStores;
using Proofgate.Enforcement.Replay;

namespace Proofgate.Cli.Ledger;

/// <summary>Opens the requests on which recorded decisions were made.</summary>
internal sealed class DecisionOpener(ISubjectKeyStore keys, AuditKeys master, TimeProvider time)
{
    private readonly PersonalSealer _sealer = new(keys, master, Options.Create(new AuditOptions()), time);

    /// <summary>What an event says of a decision or a refused one; null where it is of none.</summary>
    internal static DecisionRecord? RecordOf(ReadEvent read) => read.Event switch
    {
        DecisionEvent decision => decision.Decision,
        RefusalEvent refusal => refusal.Decision,
        _ => null,
    };

    /// <summary>The decision with its request; null where that cannot be opened, or there is none.</summary>
    internal async ValueTask<RecordedDecision?> OpenAsync(ReadEvent read, DecisionRecord record, CancellationToken cancellationToken) =>
        read.Personal is { } part
            && await _sealer.OpenAsync(part, read.Event.Id, cancellationToken) is PersonalPartResult.Opened json
            && RecordedDecision.TryRead(record, json.Json, out var whole)
            ? whole
            : null;

    internal static bool IsOutage(Exception exception) =>
        exception is LedgerUnavailableException or StoreUnavailableException or MalformedRowException or IOException;
}
