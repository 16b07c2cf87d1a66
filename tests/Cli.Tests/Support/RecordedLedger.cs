using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Promises;
using Proofgate.Audit.Streaming;

namespace Proofgate.Cli.Tests.Support;

/// <summary>A ledger as the gateway makes it: published, streamed to disk and moved into the table by the audit room itself.</summary>
internal static class RecordedLedger
{
    internal const int Calls = 20;

    /// <summary>Calls with their outcomes, and one decision that is still open.</summary>
    internal static async Task<(MemoryLedger Table, AuditId Open)> MakeAsync(string folder)
    {
        var (table, open, _) = await MakePromisedAsync(folder, new MemorySubjectKeys());
        return (table, open);
    }

    /// <summary>The same, and the promise of the open decision's record, which is of alice of acme.</summary>
    internal static async Task<(MemoryLedger Table, AuditId Open, AuditPromise Promise)> MakePromisedAsync(string folder, ISubjectKeyStore subjects)
    {
        var table = new MemoryLedger();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Proofgate:Audit:DataPath"] = Path.Combine(folder, "stream"),
            ["Proofgate:Audit:Hub"] = "test",
            ["Proofgate:Audit:Partitions"] = "1",
            ["Proofgate:Secrets:AuditMaster"] = Convert.ToBase64String(new byte[32]),
        }).Build();
        var services = new ServiceCollection().AddLogging();
        services.AddSingleton<ILedgerTable>(table);
        services.AddSingleton(subjects);
        services.AddProofgateAudit(configuration);
        services.AddProofgateEmbeddedAudit();
        await using var provider = services.BuildServiceProvider();
        // Created first, so that it is disposed of last: the publisher still writes to it.
        _ = provider.GetRequiredService<EmbeddedStream>();
        var pump = provider.GetRequiredService<LedgerPump>();
        await pump.StartAsync(CancellationToken.None);
        var stream = provider.GetRequiredService<IAuditStream>();
        for (var i = 0; i < Calls; i++)
        {
            var decision = Decision();
            await stream.PublishAsync(decision, CancellationToken.None);
            await stream.PublishAsync(Outcome(decision.Id), CancellationToken.None);
        }

        var open = Decision() with { Personal = new PersonalPart("acme", "alice", "{\"subject\":\"alice\"}"u8.ToArray()) };
        var receipt = await stream.PublishAsync(open, CancellationToken.None);
        await pump.CatchUpAsync(CancellationToken.None);
        return (table, open.Id, provider.GetRequiredService<PromiseMaker>().Make(receipt));
    }

    private static DecisionEvent Decision() => new()
    {
        Id = AuditId.New(TimeProvider.System),
        Time = TimeProvider.System.GetUtcNow(),
        Request = new RequestRecord { Route = "/v1/chat/completions", Method = "POST" },
        Decision = new DecisionRecord
        {
            Allowed = true,
            Action = "infer",
            Resource = "Proofgate::Model::\"assistant\"",
            PolicyDigest = new string('0', 64),
            Policies = ["p"],
            Label = 0,
        },
    };

    private static OutcomeEvent Outcome(AuditId decision) => new()
    {
        Id = AuditId.New(TimeProvider.System),
        Time = TimeProvider.System.GetUtcNow(),
        CorrelationId = decision,
        Result = "completed",
        Status = 200,
    };
}
