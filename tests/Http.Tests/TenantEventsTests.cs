using System.Text;
using System.Text.Json.Nodes;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Http.Tests.Support;
using Proofgate.Support;
using Proofgate.Tests.Support;

namespace Proofgate.Http.Tests;

/// <summary>A tenant's own events with their proofs: for who may manage its audit log, and nothing of others.</summary>
public sealed class TenantEventsTests : IDisposable
{
    private const string Log = RecordedEvidence.Log;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Events_AreTheTenantsOwn_EachWithAProof_WhereverThePageBegins()
    {
        using var recorded = await RecordedEvidence.MakeAsync(_folder.Path, 300, "acme", "contoso");
        await using var gateway = await StartAsync(recorded);
        foreach (var tenant in (string[])["acme", "contoso"])
        {
            var admin = await gateway.AdministratorAsync(tenant);
            var listed = (await gateway.GetAsync("/audit/events", admin)).Json;
            Assert.Equal((tenant, Log), ((string?)listed["tenant"], (string?)Assert.Single(listed["logs"]!.AsArray())!["name"]));
            Assert.Empty(listed["keyChanges"]!.AsArray());
            var size = (long)listed["logs"]![0]!["size"]!;
            var whole = await gateway.GetAsync($"/audit/events/{Log}", admin);
            Assert.Equal((200, "no-store"), (whole.Status, whole["Cache-Control"]));
            Assert.DoesNotContain(RecordedEvidence.CanaryOf(tenant == "acme" ? "contoso" : "acme"), Opened(whole), StringComparison.Ordinal);
            var events = Events(whole.Json, recorded, size);
            Assert.Equal((300, 300, 1, 1), (Count<DecisionEvent>(events), Count<OutcomeEvent>(events), Count<RefusalEvent>(events), Count<KeyEvent>(events)));
            Assert.Null(whole.Json["next"]);

            // An outcome is found to be the tenant's also where its decision is far before the page.
            foreach (var from in (long[])[1, 255, 256, 700, 1000, size - 3, size])
            {
                var page = await gateway.GetAsync($"/audit/events/{Log}?from={from}&size={size}&tenant={tenant}", admin);
                Assert.Equal(events.Keys.Where(i => i >= from), Events(page.Json, recorded, size).Keys);
            }
        }
    }

    [Fact]
    public async Task Pages_LeadToOneCheckpoint_WhileTheLogGrows()
    {
        using var recorded = await RecordedEvidence.MakeAsync(_folder.Path, 20, "acme");
        await using var gateway = await StartAsync(recorded);
        var admin = await gateway.AdministratorAsync("acme");
        var size = (long)(await gateway.GetAsync($"/audit/events/{Log}", admin)).Json["size"]!;
        await recorded.AddAsync(20, "acme");
        var old = await gateway.GetAsync($"/audit/events/{Log}?size={size}", admin);
        Assert.Equal(42, Events(old.Json, recorded, size).Count);
        var now = await gateway.GetAsync($"/audit/events/{Log}", admin);
        Assert.Equal(84, Events(now.Json, recorded, (long)now.Json["size"]!).Count);
    }

    [Fact]
    public async Task AnotherTenantsEvents_AreRefused_AndTheRefusalIsRecorded()
    {
        using var recorded = await RecordedEvidence.MakeAsync(_folder.Path, 5, "acme", "contoso");
        await using var gateway = await StartAsync(recorded);
        foreach (var path in (string[])["/audit/events?tenant=contoso", $"/audit/events/{Log}?tenant=contoso"])
        {
            foreach (var key in (string[])[await gateway.AdministratorAsync("acme"), await gateway.KeyAsync("developer", "contoso")])
            {
                var answer = await gateway.GetAsync(path, key);
                Assert.Equal((403, "policy_denied"), (answer.Status, answer.Code));
                var refusal = Assert.Single(gateway.Stream.Of<RefusalEvent>(), e => e.Id.ToString() == answer["Proofgate-Audit-Id"]);
                Assert.Equal("Proofgate::AuditLog::\"contoso\"", refusal.Decision!.Resource);
            }
        }

        var own = await gateway.GetAsync($"/audit/events/{Log}", await gateway.KeyAsync("auditor", "acme"));
        Assert.Equal(200, own.Status);
        var decision = Assert.Single(gateway.Stream.Of<DecisionEvent>(), e => e.Id.ToString() == own["Proofgate-Audit-Id"]);
        Assert.Equal(("manage", "Proofgate::AuditLog::\"acme\""), (decision.Decision.Action, decision.Decision.Resource));
        Assert.Equal("completed", (await gateway.Stream.OutcomeAsync(own["Proofgate-Audit-Id"])).Result);
    }

    [Theory]
    [InlineData($"/audit/events/{Log}?from=-1", 400, "invalid_place")]
    [InlineData($"/audit/events/{Log}?from=1&from=2", 400, "invalid_place")]
    [InlineData($"/audit/events/{Log}?size=x", 400, "invalid_place")]
    [InlineData($"/audit/events/{Log}?tenant=", 400, "invalid_tenant")]
    [InlineData($"/audit/events/{Log}?tenant=a%0Ab", 400, "invalid_tenant")]
    [InlineData("/audit/events?tenant=a&tenant=b", 400, "invalid_tenant")]
    [InlineData($"/audit/events/{Log}?size=3", 404, "log_not_found")]
    [InlineData($"/audit/events/{Log}?from=9999999", 404, "log_not_found")]
    [InlineData("/audit/events/test-super", 404, "log_not_found")]
    [InlineData("/audit/events/other-00-000000", 404, "log_not_found")]
    public async Task WhatIsNoPlace_IsRefused(string path, int status, string code)
    {
        using var recorded = await RecordedEvidence.MakeAsync(_folder.Path, 2, "default");
        await using var gateway = await StartAsync(recorded);
        var answer = await gateway.GetAsync(path, await gateway.AdministratorAsync());
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task IdIndex_IsServed_ToWhoMayManageTheOperatorsLog()
    {
        using var recorded = await RecordedEvidence.MakeAsync(_folder.Path, 130, "acme");
        await using var gateway = await StartAsync(recorded);
        var path = $"/audit/log/{Log}/index/000";
        Assert.Equal(200, (await gateway.GetAsync(path, await gateway.AdministratorAsync())).Status);
        Assert.Equal(403, (await gateway.GetAsync(path, await gateway.AdministratorAsync("acme"))).Status);
        Assert.Equal(404, (await gateway.GetAsync($"/audit/log/{Log}/index/001", await gateway.AdministratorAsync())).Status);
    }

    private static Task<TestGateway> StartAsync(RecordedEvidence recorded) => TestGateway.StartAsync(recorded, recorded.Store);

    /// <summary>The answer, with the bytes of the events in clear.</summary>
    private static string Opened(Answer answer) => answer.Body + string.Concat(answer.Json["events"]!.AsArray().Select(static e => Text(ProofOf(e!))));

    private static SortedDictionary<long, AuditEvent> Events(JsonNode page, RecordedEvidence recorded, long size)
    {
        var origin = RecordedEvidence.Origin.Of(Log);
        var events = new SortedDictionary<long, AuditEvent>();
        foreach (var found in page["events"]!.AsArray())
        {
            var proof = ProofOf(found!);
            Assert.True(proof.Verify(MerkleHash.OfLeaf(proof.Extra!.Value.Span), origin, [recorded.Signer.KeyFor(origin)], out var opened));
            Assert.Equal((size, (long)found!["index"]!), (opened.Size, proof.Index));
            var read = EventReader.Read(proof.Extra.Value.Span, out _)!;
            Assert.Equal((string?)found["id"], read.Event.Id.ToString());
            events.Add(proof.Index, read.Event);
        }

        return events;
    }

    private static TlogProof ProofOf(JsonNode found)
    {
        Assert.True(TlogProof.TryParse(Encoding.UTF8.GetBytes((string)found["proof"]!), out var proof));
        return proof;
    }

    private static string Text(TlogProof proof) => Encoding.UTF8.GetString(proof.Extra!.Value.Span);

    private static int Count<T>(SortedDictionary<long, AuditEvent> events) => events.Values.Count(static e => e is T);
}
