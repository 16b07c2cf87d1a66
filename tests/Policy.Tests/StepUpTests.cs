using Proofgate.Identity;
using Proofgate.Tests.Support;
using Files = Proofgate.Tests.Support.Bundles;

namespace Proofgate.Policy.Tests;

/// <summary>H10: a refusal that a stronger sign-in would lift names it, and no other does.</summary>
[Trait("Rule", "H10")]
public sealed class StepUpTests
{
    private const string PermitAll = """@id("all") permit (principal, action, resource);""";

    private const string NeedsMfa =
        """@id("mfa") @stepup("urn:example:mfa") forbid (principal, action, resource) unless { context.auth has acr && context.auth.acr == "urn:example:mfa" };""";

    private const string NeedsFresh =
        """@id("fresh") @stepup("max_age=300") forbid (principal, action, resource) unless { context.auth has age && context.auth.age <= duration("5m") };""";

    private static readonly CallFacts Facts = new() { Label = 0 };

    [Fact]
    public void Decision_NamesTheClass_ThatWouldBeAllowed()
    {
        Assert.Equal(new StepUp("urn:example:mfa", null), Decide(PermitAll + NeedsMfa, Callers.Person).StepUp);
        Assert.Equal(new StepUp("urn:example:mfa", null), Decide(PermitAll + NeedsMfa, Callers.Person with { Acr = "urn:example:pwd" }).StepUp);
        Assert.True(Decide(PermitAll + NeedsMfa, Callers.Person with { Acr = "urn:example:mfa" }).Allowed);
    }

    [Fact]
    public void Decision_NamesTheAge_ThatWouldBeAllowed()
    {
        Assert.Equal(new StepUp(null, TimeSpan.FromMinutes(5)), Decide(PermitAll + NeedsFresh, Callers.Person with { AuthTime = Callers.Now.AddHours(-1) }).StepUp);
        Assert.True(Decide(PermitAll + NeedsFresh, Callers.Person with { AuthTime = Callers.Now.AddMinutes(-1) }).Allowed);
    }

    [Fact]
    public void Decision_NamesBoth_WhenTwoForbidsHold() =>
        Assert.Equal(new StepUp("urn:example:mfa", TimeSpan.FromMinutes(5)), Decide(PermitAll + NeedsMfa + NeedsFresh, Callers.Person).StepUp);

    [Theory]
    [InlineData(NeedsMfa)]
    [InlineData(PermitAll + NeedsMfa + """@id("no") forbid (principal, action, resource);""")]
    [InlineData(PermitAll + NeedsMfa + """@id("other") @stepup("urn:other") forbid (principal, action, resource) unless { context.auth has acr && context.auth.acr == "urn:other" };""")]
    [InlineData(PermitAll + """@id("useless") @stepup("urn:example:mfa") forbid (principal, action, resource);""")]
    public void Decision_NamesNothing_WhereSigningInAgainWouldNotHelp(string policies)
    {
        var decision = Decide(policies, Callers.Person);
        Assert.False(decision.Allowed);
        Assert.Null(decision.StepUp);
    }

    [Fact]
    public void Decision_NamesNothing_ToAnApiKey() => Assert.Null(Decide(PermitAll + NeedsMfa, Callers.Application).StepUp);

    [Theory]
    [InlineData("""@id("p") @stepup("urn:x") permit (principal, action, resource);""")]
    [InlineData("""@id("p") @stepup("") forbid (principal, action, resource);""")]
    [InlineData("""@id("p") @stepup("two words") forbid (principal, action, resource);""")]
    [InlineData("""@id("p") @stepup("max_age=0") forbid (principal, action, resource);""")]
    [InlineData("""@id("p") @stepup("max_age=soon") forbid (principal, action, resource);""")]
    public void Bundle_IsRejected_WhenAStepUpCanNeverHelp(string policy)
    {
        var problem = Assert.Single(Files.Problems(("bundle.json", Files.Manifest), ("p.cedar", policy)));
        Assert.Contains("@stepup stands on a forbid", problem, StringComparison.Ordinal);
    }

    private static Decision Decide(string policies, Caller caller) =>
        new Inquiry(Files.Of(policies), caller, Callers.Now).Decide(Vocabulary.Infer, Vocabulary.Model("m", "openai", "eu", 2, external: true), Facts);
}
