using System.Text.Json;
using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

public sealed class PolicyTests
{
    [Fact]
    public async Task Check_EndsWith0_WhenTheBundleIsSound()
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace);

        var run = await workplace.RunAsync("policy", "check", "bundle", "--json");

        Assert.Equal(0, run.Exit);
        Assert.True(run.Json.GetProperty("sound").GetBoolean());
        Assert.Equal((2, 1), (run.Json.GetProperty("policies").GetInt32(), run.Json.GetProperty("testFiles").GetInt32()));
        Assert.Matches("^[0-9a-f]{64}$", run.Json.GetProperty("digest").GetString());
    }

    [Fact]
    public async Task Check_ListsEveryProblemWithItsPlace()
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace, policies: BundleFiles.Policies + "\n@id(\"x\") permit (principal, action, resource) when { context.label = 1 };");

        var run = await workplace.RunAsync("policy", "check", "bundle");

        Assert.Equal(20, run.Exit);
        Assert.Contains("p.cedar:4:68: `=` is not an operator (write `==`)", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ReadsTheTestsToo()
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace, tests: BundleFiles.Tests.Replace("\"expect\": \"deny\", \"because\": []", "\"expects\": \"deny\"", StringComparison.Ordinal));

        var run = await workplace.RunAsync("policy", "check", "bundle");

        Assert.Equal(20, run.Exit);
        Assert.Contains("tests/models.test.json: cases[1].expects: is not known here", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nowhere", 3, "bundle_missing")]
    [InlineData(null, 2, "bundle_unknown")]
    [InlineData(".", 20, null)]
    public async Task Check_SaysWhatToDo_WhenThereIsNoBundle(string? folder, int exit, string? code)
    {
        using var workplace = new Workplace();

        var run = await workplace.RunAsync(folder is null ? ["policy", "check", "--json"] : ["policy", "check", folder, "--json"]);

        Assert.Equal(exit, run.Exit);
        Assert.Equal(code, run.Json.TryGetProperty("error", out var error) ? error.GetProperty("code").GetString() : null);
    }

    [Fact]
    public async Task Bundle_IsFound_InTheRepositoryAround()
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace, "infra/policy/sample");
        Directory.CreateDirectory(Path.Combine(workplace.Folder, "a", "b"));

        var exit = await CommandLine.RunAsync(["policy", "test"], workplace.Host(Path.Combine(workplace.Folder, "a", "b")), CancellationToken.None);

        Assert.Equal(0, exit);
        Assert.Contains("Passed: 8 combinations.", workplace.Out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_EndsWith21AndATable_WhenADecisionIsNotAsExpected()
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace, policies: BundleFiles.Policies.Replace("maxLabel", "maxLabel + 9", StringComparison.Ordinal));

        var run = await workplace.RunAsync("policy", "test", "bundle");

        Assert.Equal(21, run.Exit);
        Assert.Matches(@"tests/models.test.json\s+secrets\s+dana\s+infer\s+assistant\s+high\s+is allowed by developers, expected deny", run.Out);
        Assert.Contains("Failed: 4 of 8 combinations", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
    }

    [Fact]
    public async Task Test_PrintsADocument_WithCoverageWhereThatIsAsked()
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace, policies: BundleFiles.Policies + "\n@id(\"never\") forbid (principal, action == Proofgate::Action::\"query\", resource);");

        var run = await workplace.RunAsync("policy", "test", "bundle", "--coverage", "--json");

        Assert.Equal(0, run.Exit);
        Assert.True(run.Json.GetProperty("passed").GetBoolean());
        Assert.Equal(8, run.Json.GetProperty("cases").GetInt32());
        var gap = Assert.Single(run.Json.GetProperty("coverage").GetProperty("gaps").EnumerateArray());
        Assert.Equal(("never", "p.cedar", 4), (gap.GetProperty("policy").GetString(), gap.GetProperty("file").GetString(), gap.GetProperty("line").GetInt32()));
    }

    [Fact]
    public async Task Test_EndsWith20_WhenAFileOfTestsIsFaulty()
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace, tests: "{}");

        var run = await workplace.RunAsync("policy", "test", "bundle", "--json");

        Assert.Equal(20, run.Exit);
        Assert.False(run.Json.GetProperty("passed").GetBoolean());
        Assert.NotEqual(0, run.Json.GetProperty("problems").GetArrayLength());
    }

    [Fact]
    public async Task Coverage_NamesWhatNoTestReaches()
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace, tests: BundleFiles.Tests.Replace("{ \"label\": \"restricted\" }", "{ \"label\": \"public\" }", StringComparison.Ordinal));

        var run = await workplace.RunAsync("policy", "coverage", "bundle");

        Assert.Equal(0, run.Exit);
        Assert.Contains("p.cedar:3:8: labels: `context.label > resource.maxLabel` is never true", run.Out, StringComparison.Ordinal);
        Assert.Contains("Coverage: 1 of 2 policies applied to one of 8 requests; 2 gaps.", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_SaysWhatApplied_AndWhyTheOthersDidNot()
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace);

        var run = await workplace.RunAsync("policy", "explain", "bundle", "--user", "dana", "--role", "developer", "--action", "infer", "--model", "assistant", "--label", "restricted");

        Assert.Equal(0, run.Exit);
        Assert.Contains("Proofgate::User::\"dana\", infer, assistant: denied by labels.", run.Out, StringComparison.Ordinal);
        Assert.Contains("The caller is told: Too secret.", run.Out, StringComparison.Ordinal);
        Assert.Contains("developers (permit, p.cedar:1:1) applies", run.Out, StringComparison.Ordinal);
        Assert.Contains("labels (forbid, p.cedar:2:1) applies", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_NamesTheNearestPermit_AndItsCause()
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace, policies: "@id(\"p\") permit (principal, action == Proofgate::Action::\"infer\", resource)\n when { context.label == 1 && resource.region == \"us\" };");

        var run = await workplace.RunAsync("policy", "explain", "bundle", "--client", "svc", "--action", "infer", "--model", "assistant@eu", "--label", "internal", "--json");

        Assert.Equal(0, run.Exit);
        var principal = Assert.Single(run.Json.GetProperty("principals").EnumerateArray());
        Assert.Equal(("Proofgate::Client::\"svc\"", "p"), (principal.GetProperty("uid").GetString(), principal.GetProperty("nearest")[0].GetString()));
        var policy = principal.GetProperty("policies")[0];
        Assert.Equal("not_met", policy.GetProperty("outcome").GetString());
        var cause = policy.GetProperty("conditions")[0].GetProperty("causes")[0];
        Assert.Equal(("resource.region == \"us\"", 2, 31, false), (cause.GetProperty("text").GetString(), cause.GetProperty("line").GetInt32(),
            cause.GetProperty("column").GetInt32(), cause.GetProperty("value").GetBoolean()));
        Assert.Equal("\"eu\"", cause.GetProperty("observed")[0].GetProperty("value").GetString());
    }

    [Fact]
    public async Task Explain_TakesWhatTestsTake_AsJson()
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace, policies: "@id(\"p\") permit (principal, action == Proofgate::Action::\"reveal\", resource) when { context has source && context.source.maxLabel == 7 && context.opaque && principal.clearance == 2 && context.minuteOfDay == 60 };");

        var run = await workplace.RunAsync(
            "policy", "explain", "bundle", "--principal", """{"user":"u","clearance":2}""", "--action", "reveal", "--kind", "IBAN", "--at", "2026-06-15T01:00:00Z",
            "--resource", """{"model":"m","provider":"p","region":"r","maxLabel":7,"external":true}""", "--context", """{"opaque":true}""", "--json");

        Assert.Equal(0, run.Exit);
        Assert.True(run.Json.GetProperty("answer").GetProperty("allowed").GetBoolean(), run.Out);
    }

    [Theory]
    [InlineData("--case", "models.test.json#secrets", "dana, infer, assistant, high: denied by labels.")]
    [InlineData("--case", "developers", "dana, infer, assistant, low: allowed by developers.")]
    [InlineData("--case", "tests/models.test.json#sam, infer, elsewhere, low", "sam, infer, elsewhere, low: denied by no policy.")]
    public async Task Explain_FindsACaseOfTheTests(string option, string name, string expected)
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace);

        var run = await workplace.RunAsync("policy", "explain", "bundle", option, name);

        Assert.Equal(0, run.Exit);
        Assert.Contains(expected, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_SaysThatALimitOfTheKeyDecided()
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace);

        var run = await workplace.RunAsync(
            "policy", "explain", "bundle", "--client", "svc", "--role", "developer", "--principal", """{"key":{"models":["other"]}}""", "--action", "infer", "--model", "assistant");

        Assert.Contains("denied by proofgate.key.model", run.Out, StringComparison.Ordinal);
        Assert.Contains("A limit of the key decided before any policy was asked.", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("usage", "--user", "u")]
    [InlineData("usage", "--action", "infer", "--case", "x")]
    [InlineData("resource", "--user", "u", "--action", "infer")]
    [InlineData("question", "--action", "infer", "--model", "assistant")]
    [InlineData("question", "--user", "u", "--action", "infer", "--model", "gpt")]
    [InlineData("question", "--user", "u", "--action", "query", "--model", "assistant")]
    [InlineData("json", "--user", "u", "--action", "infer", "--resource", "[1]")]
    [InlineData("time", "--user", "u", "--action", "infer", "--model", "assistant", "--at", "noon")]
    [InlineData("case_unknown", "--case", "nothing")]
    [InlineData("audit_id", "--audit-id", "x")]
    public async Task Explain_SaysWhatIsWrong_WithItsOptions(string code, params string[] options)
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace);

        var run = await workplace.RunAsync(["policy", "explain", "bundle", .. options, "--json"]);

        Assert.Equal(2, run.Exit);
        Assert.Equal(code, run.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Diff_EndsWith0_WhenOnlyTheSpellingDiffers()
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace, "old");
        BundleFiles.Write(workplace, "new", policies: "// a comment\n" + BundleFiles.Policies.Replace("context.label > resource.maxLabel", "(context.label)\n  > resource[\"maxLabel\"]", StringComparison.Ordinal));

        var run = await workplace.RunAsync("policy", "diff", "old", "new");

        Assert.Equal(0, run.Exit);
        Assert.Contains("The policies are the same. 0 decisions of the tests change.", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_NamesPolicies_AndTheDecisionsOfTheTestsThatChange()
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace, "old");
        BundleFiles.Write(workplace, "new", tests: null, policies: """
            @id("developers") permit (principal in Proofgate::Role::"developer", action, resource == Proofgate::Model::"assistant") when { resource.region == "us" };
            @id("everybody") permit (principal, action, resource) when { context.label == 0 };
            """);

        var run = await workplace.RunAsync("policy", "diff", "old", "new", "--json");

        Assert.Equal(22, run.Exit);
        Assert.Equal("everybody", Assert.Single(run.Json.GetProperty("added").EnumerateArray()).GetString());
        Assert.Equal("labels", Assert.Single(run.Json.GetProperty("removed").EnumerateArray()).GetString());
        var changed = Assert.Single(run.Json.GetProperty("changed").EnumerateArray());
        Assert.Equal(["scope", "conditions"], changed.GetProperty("what").EnumerateArray().Select(w => w.GetString()));
        Assert.Equal(8, run.Json.GetProperty("decisionCount").GetInt32());
        var sam = run.Json.GetProperty("decisions").EnumerateArray().First(d => d.GetProperty("principal").GetString() == "sam" && d.GetProperty("context").GetString() == "low");
        Assert.False(sam.GetProperty("before").GetProperty("allowed").GetBoolean());
        Assert.True(sam.GetProperty("after").GetProperty("allowed").GetBoolean());
    }

    [Fact]
    public async Task Diff_TellsABundleThatCannotBeUsed()
    {
        using var workplace = new Workplace();
        BundleFiles.Write(workplace, "old");
        BundleFiles.Write(workplace, "new", policies: "permit (principal, action, resource);");

        var run = await workplace.RunAsync("policy", "diff", "old", "new", "--json");

        Assert.Equal(20, run.Exit);
        Assert.Contains("every policy needs an @id", run.Error, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Object, run.Json.GetProperty("error").ValueKind);
    }
}
