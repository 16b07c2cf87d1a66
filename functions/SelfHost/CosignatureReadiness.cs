using Proofgate.Audit.Cosigning;
using Proofgate.Http;

namespace Proofgate.SelfHost;

/// <summary>Whether witnesses cosign. A silent one is told and is no reason to send nobody here; one that calls the log rewritten is.</summary>
internal sealed class CosignatureReadiness(CosignatureRelay relay) : IReadinessCheck
{
    public string Name => "witnesses";

    public Readiness Check() => relay.HasWitnesses ? new Readiness(!relay.Health.Alarm, relay.Health.Detail) : new Readiness(true, "no witness is configured");
}
