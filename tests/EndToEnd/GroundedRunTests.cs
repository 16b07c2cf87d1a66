using System.Text.Json.Nodes;
using Proofgate.Support;

namespace Proofgate.EndToEnd;

/// <summary>The sample: one question, asked by an analyst and by support, has two answers that stand on data, and the ledger shows why.</summary>
public sealed class GroundedRunTests(SdkTests.Run run) : IClassFixture<SdkTests.Run>
{
    private Gateway Gateway => run.Gateway;

    [Fact]
    public async Task OneQuestion_HasTwoAnswers_AndTheLedgerShowsWhy()
    {
        var analyst = await SayAsync("analyst");
        var support = await SayAsync("support");

        // The analyst reads of all regions and sees no address; support reads of its own region and sees how to reach people. The board's customers are in neither.
        const string analysts =
            "Of customers I was given 6: Ada Nowak, eu, [WITHHELD]; Bruno Costa, eu, [WITHHELD]; Carla Diaz, us, [WITHHELD]; Deniz Kaya, us, [WITHHELD]; "
            + "Elin Berg, eu, [WITHHELD]; Goran Ilic, eu, [WITHHELD].";
        const string supports =
            "Of customers I was given 4: Ada Nowak, eu, ada.nowak@example.com; Bruno Costa, eu, bruno.costa@example.org; Elin Berg, eu, elin.berg@example.org; "
            + "Goran Ilic, eu, goran.ilic@example.net.";
        Assert.All(analyst.Take(3), s => Assert.EndsWith(analysts, (string?)s["text"], StringComparison.Ordinal));
        Assert.All(support.Take(3), s => Assert.EndsWith(supports, (string?)s["text"], StringComparison.Ordinal));
        Assert.All(new[] { analyst, support }, static s => Assert.Equal(("internal", 400, "unknown_column"), ((string?)s[0]["label"], (int)s[3]["status"]!, (string?)s[3]["code"])));

        await Ledger.CaughtUpAsync(Gateway);
        var why = await ShowAsync(support);
        var query = Assert.Single(why["grounds"]!.AsArray())!;
        Assert.Equal(("infer", "query", 4), ((string?)why["action"], (string?)query["action"], (int)query["outcome"]!["rows"]!));
        Assert.Contains("resource.region == \"eu\"", (string?)query["residuals"]![0]!["text"], StringComparison.Ordinal);
        Assert.Contains(query["questions"]!.AsArray(), static q => (string?)q!["action"] == "readRow" && q["policies"]!.ToJsonString().Contains("support-reads-customers-of-the-region", StringComparison.Ordinal));
        Assert.Contains(why["questions"]!.AsArray(), static q => (string?)q!["action"] == "reveal" && (string?)q["resource"] == "EMAIL_ADDRESS" && (bool)q["allowed"]!);

        why = await ShowAsync(analyst);
        query = Assert.Single(why["grounds"]!.AsArray())!;
        Assert.Equal(6, (int)query["outcome"]!["rows"]!);
        Assert.DoesNotContain("region", (string?)query["residuals"]![0]!["text"], StringComparison.Ordinal);
        Assert.Equal(6, (int)why["outcome"]!["redactions"]!["WITHHELD"]!);
        Assert.DoesNotContain(why["questions"]!.AsArray(), static q => (string?)q!["action"] == "reveal" && (string?)q["resource"] == "EMAIL_ADDRESS" && (bool)q["allowed"]!);

        var text = await Gateway.ProofgateAsync("audit", "show", (string)support[0]["id"]!);
        Assert.Contains("rows of customers: ", text.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Nowak", text.Output, StringComparison.Ordinal);
        var verified = await Gateway.ProofgateAsync("audit", "verify", "--json", "--bundle", RepositoryRoot.Of("infra", "policy", "sample"));
        Assert.True(verified.ExitCode == 0, verified.Output);
    }

    private async Task<IReadOnlyList<JsonObject>> SayAsync(string role)
    {
        var file = Path.Combine(Gateway.Folder, $"{role}-key");
        var made = await Gateway.ProofgateAsync("keys", "create", "--name", role, "--owner", $"the-{role}", "--role", role, "--clearance", "1", "--out", file);
        Assert.True(made.ExitCode == 0, made.Output + made.Error);
        await using var process = await Peers.StartAsync("sdks.mjs", [Gateway.Address.ToString(), (await File.ReadAllTextAsync(file)).Trim(), "grounded"]);
        var code = await process.WaitForExitAsync();
        Assert.True(code == 0, string.Join('\n', process.Output.Concat(process.Errors)));
        return [.. process.Output.Select(static l => JsonNode.Parse(l)!.AsObject())];
    }

    private async Task<JsonNode> ShowAsync(IReadOnlyList<JsonObject> said)
    {
        var shown = await Gateway.ProofgateAsync("audit", "show", (string)said[0]["id"]!, "--json", "--bundle", RepositoryRoot.Of("infra", "policy", "sample"));
        Assert.True(shown.ExitCode == 0, shown.Output + shown.Error);
        return JsonNode.Parse(shown.Output)!;
    }
}
