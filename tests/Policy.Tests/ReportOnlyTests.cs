using Proofgate.Cedar;
using Proofgate.Tests.Support;
using Files = Proofgate.Tests.Support.Bundles;

namespace Proofgate.Policy.Tests;

/// <summary><c>@mode("report")</c>: the decision is as without the policy, and says what it would have been with it.</summary>
public sealed class ReportOnlyTests
{
    private const string PermitAll = """@id("all") permit (principal, action, resource);""";
    private const string ReportForbid = """@id("trial") @mode("report") forbid (principal, action, resource) when { context.label > 0 };""";
    private const string ReportPermit = """@id("trial") @mode("report") permit (principal, action, resource) when { context.label > 0 };""";
    private const string Broken = """@id("broken") @mode("report") forbid (principal, action, resource) when { context.label + 9223372036854775807 > 0 };""";

    private static readonly Entity Model = Vocabulary.Model("m", "openai", "eu", 2, external: true);

    [Theory]
    [InlineData(PermitAll + ReportForbid, 1, true, "all", false, "trial")]
    [InlineData(PermitAll + ReportForbid, 0, true, "all", null, "")]
    [InlineData(ReportPermit, 1, false, "", true, "trial")]
    [InlineData(PermitAll + ReportPermit, 1, true, "all", true, "trial")]
    [InlineData("""@id("no") forbid (principal, action, resource);""" + ReportPermit, 1, false, "no", false, "trial")]
    [InlineData(PermitAll + Broken, 1, true, "all", false, "broken")]
    [InlineData(ReportPermit + Broken, 1, false, "", false, "trial,broken")]
    public void Decide_IsAsWithoutThePolicy_AndTellsWhatItWouldHaveBeen(string policies, long label, bool allowed, string because, bool? would, string applied)
    {
        var decision = new Inquiry(Files.Of(policies + Never), Callers.Application, Callers.Now).Decide(Vocabulary.Infer, Model, new CallFacts { Label = label });

        Assert.Equal((allowed, because), (decision.Allowed, string.Join(',', decision.Policies)));
        Assert.Equal(would, decision.Report?.Allowed);
        Assert.Equal(applied, string.Join(',', decision.Report?.Policies ?? []));
    }

    [Fact]
    public void Decide_AsksTheReportOnlyPoliciesForEachPrincipal_WhenSomebodyActsForTheCaller()
    {
        const string policies = PermitAll + """@id("trial") @mode("report") forbid (principal == Proofgate::Client::"agent", action, resource);""";
        var decision = new Inquiry(Files.Of(policies), Callers.Person with { Actors = ["agent"] }, Callers.Now)
            .Decide(Vocabulary.Infer, Model, new CallFacts { Label = 0 });

        Assert.True(decision.Allowed);
        Assert.Equal(("trial", false), (Assert.Single(decision.Report!.Policies), decision.Report.Allowed));
    }

    [Fact]
    public void Load_RefusesAModeThatDoesNotExist_BecauseItsControlWouldNeverFire() => Assert.Contains(
        "@mode is",
        Assert.Single(Files.Problems(("bundle.json", Files.Manifest), ("p.cedar", """@id("a") @mode("audit") forbid (principal, action, resource);"""))),
        StringComparison.Ordinal);

    [Fact]
    public void Bundle_KeepsReportOnlyPoliciesApart_AndHasNoneWhereAllAreInForce()
    {
        var bundle = Files.Of(PermitAll + ReportForbid);
        Assert.Equal((2, 1, 1), (bundle.All.Policies.Count, bundle.Policies.Policies.Count, bundle.ReportOnly!.Policies.Count));
        Assert.Null(Files.Of(PermitAll).ReportOnly);
    }

    private const string Never = """@id("never") permit (principal == Proofgate::User::"nobody", action, resource);""";
}
