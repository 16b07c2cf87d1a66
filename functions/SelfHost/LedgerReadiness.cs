using Proofgate.Audit.Ledger;
using Proofgate.Http;

namespace Proofgate.SelfHost;

/// <summary>Whether the stream is being moved into the ledger, and how far behind it is. A lag delays proof, not calls.</summary>
internal sealed class LedgerReadiness(LedgerPump pump) : IReadinessCheck
{
    public string Name => "ledger";

    public Readiness Check()
    {
        var health = pump.Health;
        return new Readiness(health.Healthy, health.Detail ?? $"{health.Lag} events behind the stream");
    }
}
