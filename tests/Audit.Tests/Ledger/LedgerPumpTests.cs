using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Publishing;
using Proofgate.Audit.Streaming;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Audit.Verification;
using Proofgate.Support;

namespace Proofgate.Audit.Tests.Ledger;

public sealed class LedgerPumpTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryLedgerTable _table = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WholeRoom_PutsEveryAcknowledgedEventIntoTheLedger_AndClosesItsSources()
    {
        using var host = Host();
        await host.StartAsync();
        var stream = host.Services.GetRequiredService<IAuditStream>();
        var receipts = await Task.WhenAll(Enumerable.Range(1, 200).Select(i => stream.PublishAsync(Sample.Decision(i), default).AsTask()));
        await host.StopAsync();
        var leaves = _table.Partitions.Keys.SelectMany(k => Sample.Leaves(_table, k)).Select(l => MerkleHash.OfLeaf(l)).ToHashSet();
        Assert.All(receipts, r => Assert.Contains(new MerkleHash(r.LeafHash.Span), leaves));
        var report = await new LedgerVerifier(_table).VerifyAsync(null, default);
        // With the opening and the closing event of the source.
        Assert.Equal((0, 202L, 200L), (report.ExitCode, report.Events, report.OpenDecisionCount));
    }

    [Fact]
    public async Task SecondRun_ContinuesTheLedgerOfTheFirst()
    {
        for (var run = 1; run <= 3; run++)
        {
            using var host = Host();
            await host.StartAsync();
            await host.Services.GetRequiredService<IAuditStream>().PublishAsync(Sample.Outcome(run), default);
            await host.StopAsync();
        }

        var report = await new LedgerVerifier(_table).VerifyAsync(null, default);
        Assert.Equal((0, 9L, 3L), (report.ExitCode, report.Events, report.Sources));
        Assert.All(report.Logs, l => Assert.Equal(0, l.Name.Epoch));
    }

    [Fact]
    public async Task Outage_IsTold_AndTheLedgerCatchesUpAfterIt()
    {
        using var host = Host();
        var down = true;
        _table.Fault = (_, _) =>
        {
            if (Volatile.Read(ref down))
                throw new LedgerUnavailableException("down");
        };
        await host.StartAsync();
        var stream = host.Services.GetRequiredService<IAuditStream>();
        var pump = host.Services.GetRequiredService<LedgerPump>();
        // Decisions go on: the stream is durable and the ledger only late.
        await stream.PublishAsync(Sample.Decision(1), default);
        while (pump.Health.Healthy)
            await Task.Yield();
        Assert.Equal(2, pump.Health.Lag);
        Volatile.Write(ref down, false);
        await pump.CatchUpAsync(default);
        Assert.Equal(new LedgerHealth(true, 0, null), pump.Health);
        await host.StopAsync();
    }

    [Fact]
    public async Task LostTable_IsFilledAgainFromTheStream_WithTheSameRoots()
    {
        async Task<IReadOnlyList<VerifiedLog>> RunAsync()
        {
            using var host = Host();
            await host.StartAsync();
            await host.Services.GetRequiredService<LedgerPump>().CatchUpAsync(default);
            var logs = (await new LedgerVerifier(_table).VerifyAsync(null, default)).Logs;
            await host.StopAsync();
            return logs;
        }

        using (var host = Host())
        {
            await host.StartAsync();
            for (var i = 0; i < 50; i++)
                await host.Services.GetRequiredService<IAuditStream>().PublishAsync(Sample.Outcome(i), default);
            await host.StopAsync();
        }

        var before = await RunAsync();
        _table.Partitions.Clear();
        Assert.Equal(before, await RunAsync());
    }

    [Fact]
    public void Options_AreRefusedAllAtOnce_EachWithItsKey()
    {
        using var host = Host(new()
        {
            ["Proofgate:Secrets:AuditMaster"] = "short",
            ["Proofgate:Audit:QueueCapacity"] = "1",
            ["Proofgate:Audit:Hub"] = "Not A Name",
            ["Proofgate:Audit:GiveUpAfter"] = "01:00:00",
        });
        var error = Assert.Throws<OptionsValidationException>(() => host.Start());
        foreach (var key in new[] { "Proofgate:Secrets:AuditMaster", "Proofgate:Audit:QueueCapacity", "Proofgate:Audit:Hub", "Proofgate:Audit:GiveUpAfter" })
            Assert.Contains(error.Failures, f => f.StartsWith(key, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryPart_CanBeReplaced()
    {
        var transport = new MemoryTransport();
        var services = new ServiceCollection().AddSingleton<IAuditTransport>(transport);
        services.AddProofgateAudit(new ConfigurationBuilder().Build()).AddProofgateEmbeddedAudit();
        Assert.Same(transport, services.Single(s => s.ServiceType == typeof(IAuditTransport)).ImplementationInstance);
        Assert.Single(services, s => s.ServiceType == typeof(AuditPublisher));
        Assert.Single(services, s => s.ServiceType == typeof(EmbeddedStream));
    }

    private IHost Host(Dictionary<string, string?>? settings = null)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Proofgate:Secrets:AuditMaster"] = Convert.ToBase64String(new byte[32]),
            ["Proofgate:Audit:DataPath"] = _folder.Path,
        });
        builder.Configuration.AddInMemoryCollection(settings ?? []);
        builder.Services.AddLogging();
        builder.Services.AddSingleton<ILedgerTable>(_table);
        builder.Services.AddSingleton<ISubjectKeyStore, MemorySubjectKeys>();
        builder.Services.AddProofgateAudit(builder.Configuration).AddProofgateEmbeddedAudit();
        return builder.Build();
    }
}
