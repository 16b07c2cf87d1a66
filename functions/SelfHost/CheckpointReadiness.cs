using Proofgate.Audit.Checkpoints;
using Proofgate.Http;

namespace Proofgate.SelfHost;

/// <summary>Whether the logs are being signed. An alarm here means that the ledger and what was signed of it disagree.</summary>
internal sealed class CheckpointReadiness(CheckpointWriter writer) : IReadinessCheck
{
    public string Name => "checkpoints";

    public Readiness Check() => new(writer.Health.Healthy, writer.Health.Detail);
}
