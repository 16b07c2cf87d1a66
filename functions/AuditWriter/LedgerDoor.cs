using Azure.Messaging.EventHubs;
using Microsoft.Azure.Functions.Worker;
using Proofgate.Audit.Ledger;
using Proofgate.EventHubs;

namespace Proofgate.AuditWriter;

/// <summary>
/// The hub's events into the ledger. A failure is tried again for ever, because the trigger's checkpoint moves on after one that is not; the
/// ledger drops what it holds already.
/// </summary>
public sealed class LedgerDoor(LedgerInlet inlet)
{
    [Function("Ledger")]
    [ExponentialBackoffRetry(-1, "00:00:01", "00:01:00")]
    public Task Append(
        [EventHubTrigger("%Proofgate:Audit:Hub%", Connection = EventHubsOptions.ConnectionSection)] EventData[] events, FunctionContext context) =>
        inlet.AppendAsync(Delivery.PartitionOf(context), Delivery.RecordsOf(events), context.CancellationToken);
}
