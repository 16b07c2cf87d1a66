using System.Text;
using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests;

public sealed class PolicySetTests
{
    private const string PermitAll = "permit(principal, action, resource);";
    private const string ForbidAll = "forbid(principal, action, resource);";

    [Fact]
    public void Decision_IsDeny_WhenNoPolicyApplies()
    {
        var answer = PolicySet.Empty.Evaluate(Make.Request, Make.Entities);

        Assert.False(answer.Allowed);
        Assert.Empty(answer.Determining);
        Assert.Empty(answer.Errors);
    }

    [Fact]
    public void Decision_IsDeny_WhenAForbidApplies()
    {
        var answer = Make.Policies(PermitAll + ForbidAll + PermitAll + ForbidAll).Evaluate(Make.Request, Make.Entities);

        Assert.False(answer.Allowed);
        Assert.Equal(["policy1", "policy3"], answer.Determining);
    }

    [Fact]
    public void Decision_NamesAllPermits_WhenNoForbidApplies()
    {
        var answer = Make.Policies(PermitAll + ForbidAll.Replace(";", " when { false };", StringComparison.Ordinal) + PermitAll)
            .Evaluate(Make.Request, Make.Entities);

        Assert.True(answer.Allowed);
        Assert.Equal(["policy0", "policy2"], answer.Determining);
    }

    [Fact]
    public void PolicyThatFails_IsSkipped_AndReportedWithItsEffect()
    {
        var answer = Make.Policies($"{PermitAll}\nforbid(principal, action, resource)\n  when {{ principal.secret == 1 }};").Evaluate(Make.Request, Make.Entities);

        Assert.True(answer.Allowed);
        var error = Assert.Single(answer.Errors);
        Assert.Equal(("policy1", Effect.Forbid, "the User has no attribute \"secret\""), (error.PolicyId, error.Effect, error.Message));
        Assert.Equal((3, 10), (error.Position.Line, error.Position.Column));
    }

    [Fact]
    public void Failure_KeepsValuesOutOfItsMessage()
    {
        var answer = Make.Policies("permit(principal, action, resource) when { decimal(context.name).lessThan(principal.getTag(context.name)) };")
            .Evaluate(Make.Request, Make.Entities);

        Assert.DoesNotContain("Zo", Assert.Single(answer.Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("when { true } when { true }", true)]
    [InlineData("when { true } when { false }", false)]
    [InlineData("unless { false }", true)]
    [InlineData("unless { true }", false)]
    [InlineData("when { true } unless { false } when { 1 == 1 }", true)]
    public void Clauses_MustAllHold(string clauses, bool allowed) =>
        Assert.Equal(allowed, Make.Policies($"permit(principal, action, resource) {clauses};").Evaluate(Make.Request, Make.Entities).Allowed);

    [Fact]
    public void Clauses_StopAtTheFirstThatDoesNotHold() =>
        Assert.Empty(Make.Policies("permit(principal, action, resource) when { false } when { 1 };").Evaluate(Make.Request, Make.Entities).Errors);

    [Fact]
    public void Policy_KeepsWhatItsTextSays()
    {
        var set = Make.Policies("// first\n  @id(\"one\") @note @if(\"\\u{e9}\")\n forbid ( principal , action , resource ) ; // last");

        var policy = Assert.Single(set.Policies);
        Assert.Equal("policy0", policy.Id);
        Assert.Equal(Effect.Forbid, policy.Effect);
        Assert.Equal(new Dictionary<string, string> { ["id"] = "one", ["note"] = "", ["if"] = "é" }, policy.Annotations);
        Assert.Equal(new SourcePosition(11, 2, 3), policy.Position);
        Assert.StartsWith("@id(\"one\")", policy.Source, StringComparison.Ordinal);
        Assert.EndsWith("resource ) ;", policy.Source, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_ComeFromAnnotations_WhenAsked()
    {
        var set = Make.Policies($"@id(\"a\") {PermitAll} {PermitAll} @id(\"\") {PermitAll}", PolicyNaming.ByAnnotation);

        Assert.Equal(["a", "policy1", "policy2"], set.Policies.Select(p => p.Id));
    }

    [Fact]
    public void Ids_AreRefused_WhenTheyOccurTwice()
    {
        var failed = Assert.IsType<PolicySetResult.Failed>(PolicySet.Parse($"@id(\"a\") {PermitAll}\n@id(\"a\") {PermitAll}", "f.cedar", PolicyNaming.ByAnnotation));

        Assert.Equal("f.cedar:2:1: the policy id \"a\" occurs twice (first at f.cedar:1:1)", Assert.Single(failed.Errors).ToString());
    }

    [Fact]
    public void Merge_JoinsSets_UnlessIdsCollide()
    {
        var a = Make.Policies($"@id(\"a\") {PermitAll}", PolicyNaming.ByAnnotation);
        var b = Make.Policies($"@id(\"b\") {ForbidAll} @id(\"t\") permit(principal == ?principal, action, resource);", PolicyNaming.ByAnnotation);

        var merged = Assert.IsType<PolicySetResult.Parsed>(PolicySet.Merge([a, b])).Policies;
        Assert.Equal(["b"], merged.Evaluate(Make.Request, Make.Entities).Determining);
        Assert.Equal("t", Assert.Single(merged.Templates).Id);
        Assert.IsType<PolicySetResult.Failed>(PolicySet.Merge([a, b, a]));
    }

    [Theory]
    [InlineData("principal == ?principal, action, resource")]
    [InlineData("principal in ?principal, action, resource")]
    [InlineData("principal is User in ?principal, action, resource == ?resource")]
    [InlineData("principal, action, resource in ?resource")]
    public void Template_IsCounted_ButDecidesNothing(string scope)
    {
        var set = Make.Policies($"permit({scope}); {ForbidAll}");

        Assert.Equal("policy0", Assert.Single(set.Templates).Id);
        Assert.Equal("policy1", Assert.Single(set.Policies).Id);
        Assert.Equal(["policy1"], set.Evaluate(Make.Request, Make.Entities).Determining);
    }

    [Fact]
    public void Evaluation_AllocatesLittle_WithAHundredPolicies()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 100; i++)
            text.Append($"permit(principal in Group::\"g{i}\", action, resource) when {{ principal.level > 3 && context.label <= 2 }};\n");
        var set = Make.Policies($"{text} permit(principal in Group::\"staff\", action, resource) when {{ principal.level > 3 && context.label <= 2 }};");
        Assert.True(set.Evaluate(Make.Request, Make.Entities).Allowed);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            set.Evaluate(Make.Request, Make.Entities);
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / 100;

        Assert.InRange(each, 0, 600);
    }
}
