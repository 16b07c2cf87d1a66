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
            var parsed = Example.Parse(example);
            Assert.Equal(rule.Context is null, parsed.Value == example);
            Assert.Equal(parsed.Masked(rule.Kind), Redactor.RedactWhole(plan, parsed.Text, TextEnd.Finished));
            var all = Redactor.RedactWhole(ShippedRules.MaskAll, parsed.Text, TextEnd.Finished);
            Assert.True(rule.Context is not null || all.StartsWith('[') && all.EndsWith(']'), $"'{all}' for '{parsed.Text}'.");
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
