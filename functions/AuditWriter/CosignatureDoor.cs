using Microsoft.Azure.Functions.Worker;
using Proofgate.Audit.Cosigning;

namespace Proofgate.AuditWriter;

/// <summary>Has witnesses cosign what was signed, on a timer of its own: nothing that they do delays signing.</summary>
public sealed class CosignatureDoor(CosignatureRelay relay)
{
    [Function("Cosignatures")]
    public Task Cosign([TimerTrigger("*/5 * * * * *")] TimerInfo timer, FunctionContext context) => relay.RunAsync(context.CancellationToken);
}
