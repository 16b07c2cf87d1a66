using Microsoft.Azure.Functions.Worker;
using Proofgate.Audit.Checkpoints;

namespace Proofgate.AuditWriter;

/// <summary>Signs what the ledger has taken in. What a run does not finish the next one does.</summary>
public sealed class CheckpointDoor(CheckpointWriter writer)
{
    [Function("Checkpoints")]
    public Task Sign([TimerTrigger("*/2 * * * * *")] TimerInfo timer, FunctionContext context) => writer.RunAsync(context.CancellationToken);
}
