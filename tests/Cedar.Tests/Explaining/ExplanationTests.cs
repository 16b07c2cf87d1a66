using CsCheck;
using Proofgate.Cedar.Explaining;
using Proofgate.Cedar.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Cedar.Tests.Explaining;

public sealed class ExplanationTests(ITestOutputHelper output)
{
    [Fact]
    public void Policy_IsSatisfied_WhenItApplies()
    {
        var explanation = Explain("permit(principal, action, resource) when { context.label == 2 };");

        Assert.True(explanation.Answer.Allowed);
        Assert.Equal((PolicyOutcome.Satisfied, 0), (Only(explanation).Outcome, Only(explanation).Unmet));
        Assert.Empty(explanation.NearestPermits);
    }

    [Theory]
    [InlineData("principal == User::\"bob\", action, resource", "principal == User::\"bob\"", "User::\"alice\"")]
    [InlineData("principal in Group::\"board\", action, resource", "principal in Group::\"board\"", "User::\"alice\"")]
    [InlineData("principal is Client, action, resource", "principal is Client", "User::\"alice\"")]
    [InlineData("principal is User in Group::\"board\", action, resource", "principal is User in Group::\"board\"", "User::\"alice\"")]
    [InlineData("principal, action in [Action::\"edit\", Action::\"delete\"], resource", "action in [Action::\"edit\", Action::\"delete\"]", "Action::\"view\"")]
    [InlineData("principal, action, resource == Photo::\"other\"", "resource == Photo::\"other\"", "Photo::\"pic\"")]
    public void Scope_SaysWhatItAskedFor_AndWhatWasThere(string scope, string constraint, string actual)
    {
        var policy = Only(Explain($"permit({scope});"));

        Assert.Equal(PolicyOutcome.OutOfScope, policy.Outcome);
        var mismatch = Assert.Single(policy.Scope);
        Assert.Equal((constraint, actual), (mismatch.Constraint, mismatch.Actual.ToString()));
    }

    [Fact]
    public void Scope_NamesWhatThePrincipalIsIn()
    {
        var mismatch = Assert.Single(Only(Explain("permit(principal in Group::\"board\", action, resource);")).Scope);

        Assert.Equal(["Group::\"everyone\"", "Group::\"staff\""], mismatch.Ancestors.Select(a => a.ToString()).Order());
    }

    [Theory]
    [InlineData("when { true && context.label > 3 && 1 == 1 }", "context.label > 3", false, "context.label=2")]
    [InlineData("unless { context.name == \"x\" || context.label < principal.level }", "context.label < principal.level", true, "context.label=2;principal.level=5")]
    [InlineData("when { !(context.label == 2) }", "context.label == 2", true, "context.label=2")]
    [InlineData("when { if context.label == 2 then principal.level == 1 else true }", "principal.level == 1", false, "principal.level=5")]
    [InlineData("when { if context.label == 2 then false else true }", "context.label == 2", true, "context.label=2")]
    [InlineData("when { principal in Group::\"board\" }", "principal in Group::\"board\"", false,
        "principal=User::\"alice\";principal is in=[Group::\"staff\", Group::\"everyone\"]")]
    [InlineData("when { principal is User in Group::\"board\" }", "principal is User in Group::\"board\"", false,
        "principal=User::\"alice\";principal is in=[Group::\"staff\", Group::\"everyone\"]")]
    [InlineData("when { context has purpose }", "context has purpose", false, "context=has label, name, nested, tags")]
    [InlineData("when { [\"c\"].containsAny(context.tags) }", "[\"c\"].containsAny(context.tags)", false, "context.tags=[\"a\", \"b\"]")]
    public void Condition_NamesTheSmallestCause_AndTheValuesThatItSaw(string condition, string cause, bool value, string observed)
    {
        var policy = Only(Explain($"permit(principal, action, resource) {condition};"));

        Assert.Equal(PolicyOutcome.NotMet, policy.Outcome);
        var found = Assert.Single(Assert.Single(policy.Conditions).Causes);
        Assert.Equal((cause, value), (found.Text, found.Value));
        Assert.Equal(observed.Replace("[Group::\"staff\", Group::\"everyone\"]", "(groups)", StringComparison.Ordinal),
            string.Join(';', found.Observed.Select(o => $"{o.Text}={(o.Value.StartsWith("[Group", StringComparison.Ordinal) ? "(groups)" : o.Value)}")));
    }

    [Fact]
    public void Condition_NamesAllOperands_WhenEachAloneWouldHaveBeenEnough()
    {
        var policy = Only(Explain("permit(principal, action, resource)\n  when { context.label > 3\n    || principal.level > 7 };"));

        Assert.Equal(
            [("context.label > 3", 2, 10), ("principal.level > 7", 3, 8)],
            Assert.Single(policy.Conditions).Causes.Select(c => (c.Text, c.Position.Line, c.Position.Column)));
    }

    [Fact]
    public void Condition_SaysWhatFailed_AndWhere()
    {
        var policy = Only(Explain("permit(principal, action, resource)\n  when { context.label == 2 && principal.secret == 1 };"));

        Assert.Equal(PolicyOutcome.Failed, policy.Outcome);
        var condition = Assert.Single(policy.Conditions);
        Assert.Equal("the User has no attribute \"secret\"", condition.Failure);
        Assert.Equal((2, 32), (condition.FailedAt!.Value.Line, condition.FailedAt.Value.Column));
    }

    [Fact]
    public void NearestPermits_HaveTheFewestUnmetParts_First()
    {
        var explanation = Explain("""
            permit(principal in Group::"board", action == Action::"edit", resource) when { context.label == 3 };
            permit(principal, action, resource) when { context.label == 3 };
            forbid(principal, action, resource) when { false };
            permit(principal in Group::"board", action, resource) when { context.label == 3 };
            """);

        Assert.False(explanation.Answer.Allowed);
        Assert.Equal([("policy1", 1), ("policy3", 2), ("policy0", 3)], explanation.NearestPermits.Select(p => (p.Policy.Id, p.Unmet)));
    }

    [Fact]
    public void Text_IsShortened_WhenItIsLong()
    {
        var policy = Only(Explain($"permit(principal, action, resource) when {{ context.name == \"{new string('x', 5000)}\" }};"));

        Assert.All(policy.Conditions, c => Assert.True(c.Text.Length < 400 && Assert.Single(c.Causes).Text.Length < 400));
    }

    /// <summary>The tracer must mean what the evaluator means.</summary>
    [Fact]
    [Trait("Category", "Heavy")]
    public void Outcomes_AgreeWithTheAnswer_ForRandomPolicies() => Gen.Int.Sample(
        seed =>
        {
            var world = new RandomPolicies(new Random(seed));
            var set = Make.Policies(world.Policies());
            var row = world.Row();
            var entities = world.Entities().With([row]);
            var request = new Request(new("User", "u"), new("Action", "read"), row.Uid, world.Context());
            var explanation = set.Explain(request, entities);
            var coverage = new Coverage(set);
            coverage.Record(request, entities);
            var satisfied = Ids(explanation, PolicyOutcome.Satisfied);
            var answer = set.Evaluate(request, entities);

            Assert.Equal(answer.Errors.Select(e => e.PolicyId), Ids(explanation, PolicyOutcome.Failed));
            Assert.Equal(answer.Errors.Select(e => (e.Message, e.Position)), explanation.Policies.Where(p => p.Outcome == PolicyOutcome.Failed)
                .Select(p => (p.Conditions[0].Failure!, p.Conditions[0].FailedAt!.Value)));
            Assert.All(answer.Determining, id => Assert.Contains(id, satisfied));
            Assert.Equal(answer.Allowed, satisfied.Count > 0 && set.Policies.All(p => p.Effect == Effect.Permit || !satisfied.Contains(p.Id)));
            Assert.Equal(satisfied, coverage.Policies.Where(p => p.Satisfied == 1).Select(p => p.Policy.Id));
            Assert.Equal(answer.Errors.Select(e => e.PolicyId), coverage.Policies.Where(p => p.Failed == 1).Select(p => p.Policy.Id));
        },
        iter: Counts.Of(50_000, output),
        threads: 1);

    private static List<string> Ids(Explanation explanation, PolicyOutcome outcome) =>
        [.. explanation.Policies.Where(p => p.Outcome == outcome).Select(p => p.Policy.Id)];

    private static PolicyExplanation Only(Explanation explanation) => Assert.Single(explanation.Policies);

    private static Explanation Explain(string policies) => Make.Policies(policies).Explain(Make.Request, Make.Entities);
}
