using Proofgate.Audit;

namespace Proofgate.Http.Startup;

/// <summary>Whether decisions can be made durable.</summary>
internal sealed class AuditReadiness(IAuditStream stream) : IReadinessCheck
{
    public string Name => "audit";

    public Readiness Check() => new(stream.Health.Healthy, stream.Health.Detail);
}
