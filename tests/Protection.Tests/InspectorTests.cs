using CsCheck;
using Proofgate.Protection.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Protection.Tests;

public sealed class InspectorTests(ITestOutputHelper output)
{
    [Fact]
    public void Inspect_CountsEachKind_AlsoInsideAnother()
    {
        var found = new KindCounts();
        Inspector.Inspect(RuleSet.Default, "x.sk-ant-0123456789abcdefgh@example.com, a@b.co, 4111 1111 1111 1111", found);
        Assert.Equal(
            new Dictionary<string, long> { ["API_KEY"] = 1, ["EMAIL_ADDRESS"] = 2, ["PAYMENT_CARD"] = 1 }, found.ToDictionary());
    }

    [Fact]
    public void Inspect_FindsNothing_InProse()
    {
        var found = new KindCounts();
        Inspector.Inspect(RuleSet.Default, "Nothing to see here, in 2026 or later: it's well-known.", found);
        Assert.Equal(0, found.Total);
    }

    [Fact]
    [Trait("Category", "Heavy")]
    public void Inspect_CountsWhatAPlanForThatKindAloneMasks()
    {
        Texts.Joined(12).Sample(
            text =>
            {
                var found = new KindCounts();
                Inspector.Inspect(RuleSet.Default, text, found);
                foreach (var kind in RuleSet.Default.Kinds)
                {
                    var alone = new KindCounts();
                    var plan = new RedactionPlan(RuleSet.Default, RuleSet.Default.Kinds.Where(other => other != kind));
                    Redactor.RedactWhole(plan, text, TextEnd.Finished, alone);
                    Assert.Equal(alone.Total, found[kind]);
                }

                return true;
            },
            iter: Counts.Of(100_000, output));
    }

    [Fact]
    public void FastPath_ReturnsTheSameInstance_WhenNothingMatches()
    {
        foreach (var text in new[] { "", "Prose without any of it.", "1234, 3.14 and well-known; a@b", new string('x', 100_000) })
            Assert.Same(text, Redactor.RedactWhole(ShippedRules.MaskAll, text, TextEnd.Finished));
        Assert.False(Redactor.MayMatch(ShippedRules.MaskAll, "Prose without any of it, caf\u00E9."));
        Assert.True(Redactor.MayMatch(ShippedRules.MaskAll, "me@x"));
    }
}
