using Proofgate.Protection.Tests.Support;

namespace Proofgate.Protection.Tests;

/// <summary>Every rule finds its own examples, whole, and nothing else.</summary>
public sealed class RuleExampleTests
{
    public static TheoryData<string> Ids => [.. ShippedRules.File.Rules.Select(rule => rule.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_MatchesEndToEnd_ForItsPositiveExamples(string id)
    {
        var rule = ShippedRules.Get(id);
        var plan = new RedactionPlan(ShippedRules.Only(rule));
        Assert.NotEmpty(rule.Positive);
        foreach (var example in rule.Positive)
        {
            Assert.Equal($"[{rule.Kind}]", Redactor.RedactWhole(plan, example, TextEnd.Finished));
            Assert.Equal($"[{rule.Kind}]", Redactor.RedactWhole(ShippedRules.MaskAll, example, TextEnd.Finished));
        }
    }

    [Theory]
    [MemberData(nameof(Ids))]
    public void Rule_FindsNothing_InItsNegativeExamples(string id)
    {
        var rule = ShippedRules.Get(id);
        var plan = new RedactionPlan(ShippedRules.Only(rule));
        Assert.NotEmpty(rule.Negative);
        foreach (var example in rule.Negative)
            Assert.Same(example, Redactor.RedactWhole(plan, example, TextEnd.Finished));
    }
}
