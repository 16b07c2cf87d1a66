using System.Text;
using Proofgate.Policy.Testing;
using Files = Proofgate.Tests.Support.Bundles;

namespace Proofgate.Policy.Tests.Testing;

public sealed class BundleTestsTests
{
    private const string Policies = """
        @id("support") permit (principal in Proofgate::Role::"support", action == Proofgate::Action::"infer", resource);
        @id("hours") @stepup("max_age=60") forbid (principal in Proofgate::Role::"support", action == Proofgate::Action::"infer", resource)
          when { context.minuteOfDay >= 1080 && context.auth.bound };
        @id("labels") @stepup("gold") forbid (principal, action == Proofgate::Action::"infer", resource) when { context.label > resource.maxLabel };
        @id("developers") permit (principal in Proofgate::Role::"developer", action == Proofgate::Action::"infer", resource == Proofgate::Model::"assistant");
        @id("people") permit (principal in Proofgate::Role::"support", action == Proofgate::Action::"reveal", resource == Proofgate::Kind::"EMAIL_ADDRESS")
          when { context has source && context.source == Proofgate::Model::"assistant" };
        """;

    private const string Sound = """
        "now": "2026-06-15T09:30:00Z",
        "principals": { "sam": { "user": "corp:sam", "tenant": "t", "roles": ["support"] } },
        "actions": ["infer"],
        "resources": { "assistant": { "model": "assistant", "provider": "p", "region": "eu", "maxLabel": "internal", "external": false } }
        """;

    private static readonly string Example = File.ReadAllText(
        Path.Combine(Files.SampleFolder, "..", "..", "..", "tests", "Policy.Tests", "Testing", "Samples", "hours.test.json"));

    [Fact]
    public void Example_Passes_UnderThePoliciesThatItIsFor()
    {
        var report = Run(Policies.Replace(" && context.auth.bound", string.Empty, StringComparison.Ordinal).Replace("@stepup(\"max_age=60\") ", string.Empty, StringComparison.Ordinal), Example);

        Assert.Empty(report.Problems);
        Assert.Empty(report.Failures.Select(f => $"{f.Combination} {f.Failure}"));
        Assert.True(report.Passed);
        Assert.Equal(4 * 2 * 3, report.Cases.Count);
        Assert.DoesNotContain(report.Coverage.Gaps, g => g.Message.Contains("in its scope", StringComparison.Ordinal));
    }

    [Fact]
    public void Example_Fails_WhereAPolicyIsMissing()
    {
        var report = Run("""@id("support") permit (principal in Proofgate::Role::"support", action == Proofgate::Action::"infer", resource);""", Example);

        Assert.False(report.Passed);
        Assert.Contains(report.Failures, f => f is { Name: "developers", Failure: "is denied: no policy permits it, expected allow" });
        Assert.Contains(report.Failures, f => f is { Name: "support at night", Failure: "is allowed by support, expected deny" });
        Assert.Contains(report.Failures, f => f is { Name: "labels", Principal: "dana", Failure: "is denied because of no policy, expected labels" });
    }

    [Fact]
    public void Combination_ThatNoCaseNames_MustBeDenied()
    {
        const string cases = """{ "name": "by day", "contexts": ["a"], "expect": "allow", "because": ["support"] }, { "name": "b's reasons are another's", "contexts": ["c"], "expect": "deny" }""";
        var report = Run(Policies, $$"""{ {{Sound}}, "contexts": { "a": {}, "c": { "label": 2 }, "b": {} }, "cases": [{{cases}}, { "name": "b", "actions": ["infer"], "contexts": ["b"], "expect": "allow" }] }""");
        Assert.Empty(report.Problems);
        Assert.True(report.Passed);

        report = Run(Policies, $$"""{ {{Sound.Replace("\"sam\": {", "\"extra\": { \"like\": \"sam\" }, \"sam\": {", StringComparison.Ordinal)}}, "cases": [{ "name": "x", "principals": ["sam"], "expect": "allow" }, { "name": "y", "principals": ["extra"], "actions": ["infer"], "contexts": ["base"], "expect": "allow" }] }""");
        Assert.Empty(report.Failures);

        report = Run(Policies, $$"""{ {{Sound.Replace("\"actions\": [", "\"actions\": [\"other\", ", StringComparison.Ordinal)}}, "cases": [{ "name": "x", "actions": ["other"], "expect": "deny" }, { "name": "y", "actions": ["infer"], "principals": ["sam"], "contexts": ["base"], "resources": ["assistant"], "expect": "deny", "because": [] }] }""");
        var failure = Assert.Single(report.Failures);
        Assert.Equal(("y", "is allowed by support, expected deny"), (failure.Name, failure.Failure));
    }

    [Fact]
    public void Combination_ThatNoCaseNames_FailsWhereItIsAllowed()
    {
        var report = Run(Policies, $$"""
            { {{Sound.Replace("\"sam\": {", "\"dana\": { \"like\": \"sam\", \"roles\": [\"developer\"] }, \"sam\": {", StringComparison.Ordinal)}},
              "contexts": { "low": {}, "high": { "label": "restricted" } },
              "cases": [{ "name": "high", "contexts": ["high"], "expect": "deny" }, { "name": "sam", "principals": ["sam"], "contexts": ["low"], "expect": "allow" },
                        { "name": "dana", "principals": ["dana"], "contexts": ["high"], "expect": "deny" }] }
            """);

        Assert.Empty(report.Problems);
        var failure = Assert.Single(report.Failures);
        Assert.Null(failure.Name);
        Assert.Equal("dana, infer, assistant, low", failure.Combination);
        Assert.StartsWith("is allowed by developers, and no case names it", failure.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Clock_IsThatOfTheFile_InTheBundlesZone()
    {
        const string policy = """@id("morning") permit (principal, action, resource) when { context.weekday == 1 && context.minuteOfDay == 690 };""";
        var text = $$"""{ {{Sound}}, "cases": [{ "name": "x", "expect": "allow" }] }""";

        Assert.True(Run(policy, text, """{ "name": "n", "timeZone": "Europe/Berlin" }""").Passed);
        Assert.False(Run(policy, text).Passed);
    }

    [Fact]
    public void Principal_HasWhatItsCredentialHas()
    {
        const string policy = """
            @id("p") permit (principal == Proofgate::Client::"svc", action, resource) when {
              principal in Proofgate::Role::"r" && principal in Proofgate::Role::"g" && principal.tenant == Proofgate::Tenant::"t" && principal.clearance == 2 &&
              context.scopes == ["s"] && context has purpose && context.purpose == "p" && context has risk && context.risk == 3 && context.auth.method == "jwt" && context.auth.bound &&
              context.auth has acr && context.auth.acr == "gold" && context.auth has age && context.auth.age == duration("50m") &&
              context has ip && context.ip == ip("10.0.0.1") && context has declaredPurpose && context.declaredPurpose == "d" &&
              context.kinds == [Proofgate::Kind::"IBAN"] && context.opaque && context.stream && context.label == 1 && context.session &&
              context has lineage && context.lineage.datasets == [Proofgate::Dataset::"orders"] && !context.lineage.complete };
            """;
        var report = Run(policy, """
            { "now": "2026-06-15T09:30+02:00",
              "principals": { "svc": { "client": "svc", "tenant": "t", "roles": ["r"], "groups": ["g"], "clearance": "confidential", "scopes": ["s"], "purpose": "p", "risk": 3,
                "credential": "token", "bound": true, "acr": "silver", "age": "10m", "address": "10.0.0.2" } },
              "actions": ["infer"], "resources": { "m": { "model": "m", "provider": "p", "region": "r", "maxLabel": 1, "external": true } },
              "base": { "label": "internal", "kinds": ["IBAN"], "opaque": true, "stream": true, "declaredPurpose": "d", "session": true, "lineage": ["orders"], "lineageComplete": false },
              "contexts": { "stronger": { "acr": "gold", "age": "50m", "address": "10.0.0.1" } },
              "cases": [{ "name": "x", "expect": "allow" }] }
            """);

        Assert.Empty(report.Problems);
        Assert.True(report.Passed, report.Failures.FirstOrDefault()?.Failure);
    }

    [Fact]
    public void StepUp_IsCompared_WhenACaseSaysSo()
    {
        static string File(string stepup) => $$"""
            { {{Sound.Replace("\"roles\"", "\"bound\": true, \"roles\"", StringComparison.Ordinal)}}, "base": { "now": "2026-06-15T20:00:00Z" },
              "cases": [{ "name": "x", "expect": "deny", "because": ["hours"], "stepup": "{{stepup}}" }] }
            """;
        const string lifted = """
            @id("support") permit (principal, action, resource);
            @id("hours") @stepup("max_age=60") forbid (principal, action, resource) unless { context.auth has age && context.auth.age <= duration("60s") };
            """;

        Assert.True(Run(lifted, File("max_age=60")).Passed);
        Assert.Equal("offers the step-up max_age=60, expected none", Assert.Single(Run(lifted, File("none")).Failures).Failure);
        Assert.Equal("offers the step-up max_age=60, expected gold max_age=60", Assert.Single(Run(lifted, File("max_age=60 gold")).Failures).Failure);
        Assert.Equal("offers the step-up none, expected max_age=60", Assert.Single(Run(Policies, File("max_age=60")).Failures).Failure);
    }

    [Fact]
    public void Resources_OfEveryForm_AreAskedWhatTheyAreAskedByTheGateway()
    {
        var report = Run("""@id("none") permit (principal, action, resource) when { false };""", """
            { "now": "2026-06-15T09:30:00Z", "principals": { "u": { "user": "u", "tenant": "t" } },
              "actions": ["infer", "query", "readRow", "readColumn", "useTool", "reveal", "revealPartial", "disclose", "manage", "fly"],
              "resources": {
                "model": { "model": "m", "provider": "p", "region": "r", "maxLabel": 1, "external": true },
                "dataset": { "dataset": "d", "tenant": "t", "label": 0 }, "column": { "column": "d.c", "label": 0, "kind": "IBAN" }, "tool": { "tool": "x", "source": "s", "label": 0, "external": false },
                "kind": { "kind": "IBAN", "from": "dataset" }, "keys": { "administers": "keys", "tenant": "t" }, "policy": { "administers": "policy", "tenant": "t" },
                "log": { "administers": "audit", "tenant": "t" },
                "row": { "type": "Proofgate::Row_d", "id": "1", "in": ["Proofgate::Dataset::\"d\""], "attributes": { "n": 1, "o": { "__entity": { "type": "Proofgate::User", "id": "u" } } } } },
              "cases": [{ "name": "x", "expect": "deny" }] }
            """);

        Assert.Empty(report.Problems);
        Assert.Equal(
            ["infer model", "query dataset", "readRow row", "readColumn column", "useTool tool", "reveal kind", "revealPartial kind", "disclose kind",
             "manage keys", "manage policy", "manage log", "fly model", "fly dataset", "fly column", "fly tool", "fly keys", "fly policy", "fly log", "fly row"],
            report.Cases.Select(c => $"{c.Action} {c.Resource}"));
    }

    [Theory]
    [InlineData("{", "tests/t.test.json: is not valid JSON (line 1, byte 1).")]
    [InlineData("[]", "tests/t.test.json: must be an object.")]
    [InlineData("""{ SOUND, "cases": [{ "name": "x", "expect": "allow" }], "case": [] }""",
        "tests/t.test.json: case: is not known here, where there are title, now, principals, actions, resources, base, contexts, cases.")]
    [InlineData("""{ SOUND, "cases": [{ "name": "x", "expect": "allow", "principals": ["dan"] }] }""",
        "tests/t.test.json: cases[0].principals: has 'dan', which is not among the principals of this file (sam).")]
    [InlineData("""{ SOUND, "contexts": { "a": {}, "b": {} }, "cases": [{ "name": "x", "expect": "allow", "contexts": ["a"] }] }""",
        "tests/t.test.json: contexts: has 'b', which no case names: add what is expected of it, or remove it.")]
    [InlineData("""{ SOUND, "cases": [{ "name": "x", "expect": "alow" }] }""", "tests/t.test.json: cases[0].expect: must be \"allow\" or \"deny\".")]
    [InlineData("""{ SOUND, "cases": [{ "name": "x", "expect": "allow" }, { "name": "y", "expect": "deny" }] }""", "expect the opposite of each other")]
    [InlineData("""{ SOUND, "base": { "lable": 1 }, "cases": [{ "name": "x", "expect": "allow" }] }""", "tests/t.test.json: base.lable: is not known here")]
    [InlineData("""{ SOUND, "base": { "now": "2026-06-15T09:30:00" }, "cases": [{ "name": "x", "expect": "allow" }] }""", "tests/t.test.json: base.now: must be a time with its zone")]
    [InlineData("""{ SOUND, "cases": [{ "name": "x", "expect": "deny", "stepup": "max_age=no" }] }""", "tests/t.test.json: cases[0].stepup: must be an acr")]
    [InlineData("""{ SOUND, "cases": [] }""", "tests/t.test.json: needs the member `cases`, with at least one in it.")]
    public void Fault_IsToldWithFileAndPath(string text, string problem)
    {
        var report = Run(Policies, text.Replace("SOUND", Sound, StringComparison.Ordinal));

        Assert.False(report.Passed);
        Assert.Empty(report.Cases);
        Assert.Contains(report.Problems, p => p.ToString().Contains(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\"sam\"", "\"sam\": { \"like\": \"sam\", \"user\": \"u\", \"tenant\": \"t\" }, \"other\"", "principals.sam.like: is like itself.")]
    [InlineData("\"tenant\"", "\"tenent\"", "principals.sam: needs the member `tenant`.")]
    [InlineData("\"tenant\"", "\"clearance\": \"top\", \"tenant\"", "principals.sam.clearance: must be one of the bundle's labels")]
    [InlineData("\"user\"", "\"client\": \"x\", \"user\"", "principals.sam: has `user` and `client`")]
    [InlineData("\"user\"", "\"key\": { \"networks\": [\"10.0.0.0/99\"] }, \"user\"", "principals.sam.key.networks: has '10.0.0.0/99', which is no network")]
    [InlineData("\"provider\"", "\"provder\"", "resources.assistant: needs the member `provider`.")]
    [InlineData("\"sam\": {", "\"a b\": { \"tenant\": \"t\" }, \"sam\": {", "principals[\"a b\"]: needs `user` or `client`")]
    [InlineData("\"actions\": [\"infer\"]", "\"actions\": [\"reveal\"]", "cases[0]: selects nothing")]
    [InlineData("\"assistant\": {", "\"k\": { \"kind\": \"IBAN\", \"from\": \"nothing\" }, \"assistant\": {", "resources.k.from: is 'nothing', which is no resource")]
    [InlineData("\"assistant\": {", "\"unknown\": { \"model\": \"gpt\" }, \"assistant\": {", "resources.unknown.model: is 'gpt', which the bundle does not have")]
    public void Fault_OfAPrincipalOrResource_IsToldWithItsPath(string of, string by, string problem)
    {
        var report = Run(Policies, $$"""{ {{Sound.Replace(of, by, StringComparison.Ordinal)}}, "cases": [{ "name": "x", "expect": "allow" }] }""");

        Assert.Contains(report.Problems, p => p.ToString().StartsWith($"tests/t.test.json: {problem}", StringComparison.Ordinal));
    }

    [Fact]
    public void Combinations_AreBounded()
    {
        var names = string.Join(",", Enumerable.Range(0, 400).Select(i => $$"""
            "c{{i}}": {}
            """));
        var principals = string.Join(",", Enumerable.Range(0, 400).Select(i => $$"""
            "p{{i}}": { "user": "u", "tenant": "t" }
            """));
        var report = Run(Policies, $$"""{ {{Sound.Replace("\"sam\": {", $"{principals}, \"sam\": {{", StringComparison.Ordinal)}}, "contexts": { {{names}} }, "cases": [{ "name": "x", "expect": "deny" }] }""");

        Assert.Contains("combinations", Assert.Single(report.Problems).Message, StringComparison.Ordinal);
        Assert.Empty(report.Cases);
    }

    [Fact]
    public void Tests_AreTheFilesOfTheirFolder()
    {
        Assert.True(BundleTests.IsTest("tests/a.test.json"));
        Assert.False(BundleTests.IsTest("tests/a.json"));
        Assert.False(BundleTests.IsTest("a.test.json"));
        Assert.True(BundleTests.Run(Files.Of(Policies), new Dictionary<string, byte[]>()).Passed);
    }

    [Fact]
    public void Case_Explains_ForEachPrincipal()
    {
        var bundle = Files.Of(Policies);
        var report = BundleTests.Run(bundle, Of(Example));
        var explanations = report.Cases.First(c => c is { Principal: "dana by agent", Action: "infer", Context: "by day" }).Explain(bundle);

        Assert.Equal(["Proofgate::User::\"corp:dana\"", "Proofgate::Client::\"corp:agent\""], explanations.Select(e => e.Principal.ToString()));
        Assert.True(explanations[0].Explanation.Answer.Allowed);
        Assert.Equal(["support", "developers"], explanations[1].Explanation.NearestPermits.Take(2).Select(p => p.Policy.Id));
    }

    private static BundleTestReport Run(string policies, string file, string manifest = Files.Manifest) => BundleTests.Run(Files.Of(policies, manifest), Of(file));

    private static Dictionary<string, byte[]> Of(string file) => new() { ["tests/t.test.json"] = Encoding.UTF8.GetBytes(file) };
}
