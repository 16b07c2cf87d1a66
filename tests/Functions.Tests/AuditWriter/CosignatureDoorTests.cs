using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Cosigning;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.AuditWriter;

namespace Proofgate.Functions.Tests.AuditWriter;

public sealed class CosignatureDoorTests
{
    [Fact]
    public async Task Failure_OfEvidenceOrWitness_DoesNotReachTheHost()
    {
        using var key = Ed25519Signer.Generate();
        var options = new CheckpointOptions();
        options.Witnesses.Add(new WitnessOptions { Name = "W", Key = new Cosigner("w", key, TimeProvider.System).Key.ToString(), Address = "http://127.0.0.1:9" });
        var store = new Mock<IEvidenceStore>();
        store.Setup(static s => s.HighestAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).ThrowsAsync(new EvidenceUnavailableException("503"));
        using var relay = new CosignatureRelay(
            store.Object, new MemoryLedgerTable(), new LogOrigin("gateway.example", "audit"), Options.Create(options), TimeProvider.System,
            NullLogger<CosignatureRelay>.Instance);
        await new CosignatureDoor(relay).Cosign(new TimerInfo(), Mock.Of<FunctionContext>());
        Assert.Contains("503", relay.Health.Detail, StringComparison.Ordinal);
    }
}
