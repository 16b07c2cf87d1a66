using System.Text.Json.Nodes;
using Proofgate.Support;

namespace Proofgate.EndToEnd;

/// <summary><c>proofgate doctor</c> on a running gateway, its storage and its settings.</summary>
public sealed class DoctorTests(Fixture fixture) : IClassFixture<Fixture>
{
    [Fact]
    public async Task LocalRun_IsHealthy()
    {
        var run = await fixture.Gateway.ProofgateAsync("doctor", "--json");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        var document = JsonNode.Parse(run.Output)!;
        Assert.True((bool)document["healthy"]!);
        Assert.DoesNotContain(document["checks"]!.AsArray(), static c => (string)c!["state"]! is "failed" or "warning");
        Assert.Superset(
            new HashSet<string>
            {
                "gateway", "clock", "origin", "ready.audit", "ready.identity", "ready.policy", "ready.ledger", "ready.checkpoints", "permissions.models", "permissions.keys", "permissions.policy",
                "table ProofgateKeys", "table ProofgateSubjects", "table ProofgateUse", "table ProofgateBudgets", "table ProofgateSessions", "table Audit",
            },
            document["checks"]!.AsArray().Select(static c => (string)c!["check"]!).ToHashSet());
        var text = await fixture.Gateway.ProofgateAsync("doctor");
        Assert.Contains("Nothing is broken", text.Output, StringComparison.Ordinal);
    }

    /// <summary>The tables are those of the running storage; the hub is a port where nobody listens.</summary>
    [Fact]
    public async Task Settings_AreLookedAt_WithWhatTheyName()
    {
        var settings = new JsonObject
        {
            ["Values"] = new JsonObject
            {
                ["Proofgate__Storage__ConnectionString"] = fixture.Gateway.StorageConnection,
                ["Proofgate__EventHubs__Connection"] = $"Endpoint=sb://127.0.0.1:{FreePort.Next()};SharedAccessKeyName=a;SharedAccessKey=canary-key;UseDevelopmentEmulator=true;",
                ["Proofgate__Outbound__AllowLoopbak"] = "canary-value",
                ["Proofgate__Upstreams__here__Endpoint"] = new Uri(fixture.Spy.Address, "/v1").ToString(),
            },
        };
        var file = Path.Combine(fixture.Gateway.Folder, "settings-to-check.json");
        await File.WriteAllTextAsync(file, settings.ToJsonString());
        var run = await fixture.Gateway.ProofgateAsync("doctor", "--settings", file, "--json");
        Assert.Equal(24, run.ExitCode);
        var checks = JsonNode.Parse(run.Output)!["checks"]!.AsArray().ToLookup(static c => (string)c!["check"]!);
        Assert.Equal(("failed", "failed", "skipped", "ok"), ((string)checks["hub"].Single()!["state"]!, (string)checks["settings"].Single()!["state"]!, (string)checks["vault"].Single()!["state"]!, (string)checks["upstream here"].Single()!["state"]!));
        Assert.Contains("AllowLoopbak", (string)checks["settings"].Single()!["detail"]!, StringComparison.Ordinal);
        Assert.All(checks["table ProofgateKeys"], static c => Assert.Equal("ok", (string)c!["state"]!));
        Assert.DoesNotContain("canary", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeyThatMayNotManage_IsToldSo_WithoutHarm()
    {
        var run = await fixture.Gateway.ProofgateAsync("doctor", "--json", "--key-file", Path.Combine(fixture.Gateway.State, "sample-key"));
        Assert.Equal(0, run.ExitCode);
        var checks = JsonNode.Parse(run.Output)!["checks"]!.AsArray().ToDictionary(static c => (string)c!["check"]!, static c => (string)c!["state"]!);
        Assert.Equal(("ok", "warning"), (checks["permissions.models"], checks["permissions.keys"]));
    }
}
