using Proofgate.Cedar;
using Proofgate.Identity;
using Proofgate.Tests.Support;
using Files = Proofgate.Tests.Support.Bundles;

namespace Proofgate.Policy.Tests;

/// <summary>Invariant 2 of DESIGN.md: default deny; a permit that errors grants nothing; a forbid that errors refuses.</summary>
public sealed class InquiryTests
{
    private const string PermitAll = """@id("all") permit (principal, action, resource);""";

    private static readonly Entity Model = Vocabulary.Model("m", "openai", "eu", 2, external: true);
    private static readonly CallFacts Facts = new() { Label = 0 };

    [Fact]
    public void Decide_Refuses_WhenNothingPermits()
    {
        var decision = Decide("""@id("other") permit (principal, action, resource) when { false };""");

        Assert.False(decision.Allowed);
        Assert.Empty(decision.Policies);
        Assert.Equal("No policy permits this.", decision.Reason);
    }

    [Fact]
    public void Decide_Allows_WhenAPermitHolds()
    {
        var decision = Decide(PermitAll);

        Assert.True(decision.Allowed);
        Assert.Equal(["all"], decision.Policies);
        Assert.Equal("", decision.Reason);
    }

    [Fact]
    public void Decide_RefusesWithTheForbidsReason_WhenAForbidHolds()
    {
        var decision = Decide(PermitAll + """@id("no") @reason("Not on my watch.") forbid (principal, action, resource);""");

        Assert.False(decision.Allowed);
        Assert.Equal(["no"], decision.Policies);
        Assert.Equal("Not on my watch.", decision.Reason);
        Assert.Equal("A policy forbids this.", Decide(PermitAll + """@id("no") forbid (principal, action, resource);""").Reason);
    }

    [Fact]
    public void Decide_Refuses_WhenAForbidErrsThoughCedarAloneWouldAllow()
    {
        const string policies = PermitAll + """@id("broken") @reason("secret") forbid (principal, action, resource) when { 9223372036854775807 + 1 == 0 };""";
        var bundle = Files.Of(policies);
        var alone = bundle.Policies.Evaluate(
            new Request(Vocabulary.ClientId("svc-shop"), Vocabulary.Infer, Model.Uid, RecordValue.Empty), Entities.Empty);
        Assert.True(alone.Allowed);

        var decision = Decide(policies);
        Assert.False(decision.Allowed);
        Assert.Equal(["broken"], decision.Policies);
        Assert.Equal(["broken"], decision.Errors);
        Assert.Equal("A policy that could forbid this could not be evaluated.", decision.Reason);
    }

    [Fact]
    public void Decide_GrantsNothing_WhenThePermitErrs()
    {
        var decision = Decide("""@id("broken") permit (principal, action, resource) when { 9223372036854775807 + 1 == 0 };""");

        Assert.False(decision.Allowed);
        Assert.Equal(["broken"], decision.Errors);
        Assert.Empty(decision.Policies);
    }

    [Fact]
    public void Decide_NamesTheErringPermit_ThoughAnotherAllows()
    {
        var decision = Decide(PermitAll + """@id("broken") permit (principal, action, resource) when { 9223372036854775807 + 1 == 0 };""");

        Assert.True(decision.Allowed);
        Assert.Equal(["broken"], decision.Errors);
    }

    [Theory]
    [InlineData("alice only", false)]
    [InlineData("agent only", false)]
    [InlineData("both", true)]
    [InlineData("both but the second actor", false)]
    public void Decide_NeedsTheUserAndEachActor_WhenSomebodyActs(string who, bool allowed)
    {
        var user = """@id("user") permit (principal == Proofgate::User::"alice", action, resource);""";
        var agent = """@id("agent") permit (principal == Proofgate::Client::"agent", action, resource);""";
        var caller = Callers.Person with { Actors = who == "both but the second actor" ? ["agent", "stranger"] : ["agent"] };
        var decision = Decide(who switch { "alice only" => user, "agent only" => agent, _ => user + agent }, caller);

        Assert.Equal(allowed, decision.Allowed);
        if (allowed)
        {
            Assert.Equal(["user", "agent"], decision.Policies);
        }
    }

    [Fact]
    public void Decide_GivesAnActorNoRoleOfTheSubject_AndNoClearance()
    {
        const string byRole = """@id("role") permit (principal in Proofgate::Role::"developer", action, resource);""";
        const string byClearance = """@id("cleared") permit (principal, action, resource) when { principal.clearance >= 3 };""";

        Assert.True(Decide(byRole, Callers.Person).Allowed);
        Assert.False(Decide(byRole, Callers.Person with { Actors = ["agent"] }).Allowed);
        Assert.True(Decide(byClearance, Callers.Person with { Clearance = 3 }).Allowed);
        Assert.False(Decide(byClearance, Callers.Person with { Clearance = 3, Actors = ["agent"] }).Allowed);
    }

    [Fact]
    public void Decide_TakesAnApplicationThatNamesItselfAsActor_AsOnePrincipal()
    {
        const string byRole = """@id("role") permit (principal in Proofgate::Role::"developer", action, resource);""";

        Assert.True(Decide(byRole, Callers.Application with { Actors = ["svc-shop"] }).Allowed);
    }

    [Fact]
    public void Ask_AsksReveal_OfTheKindFromItsSource()
    {
        const string policy =
            """
            @id("seen") permit (principal, action == Proofgate::Action::"reveal", resource == Proofgate::Kind::"IBAN")
            when { context has source && context.source == Proofgate::Model::"m" && !(context.source.external == false) };
            """;

        Assert.True(Ask(policy, Vocabulary.Reveal, "IBAN").Allowed);
        Assert.False(Ask(policy, Vocabulary.Reveal, "US_SSN").Allowed);
        Assert.False(Ask(policy.Replace("\"m\"", "\"n\"", StringComparison.Ordinal), Vocabulary.Reveal, "IBAN").Allowed);
    }

    [Fact]
    public void Ask_AsksDisclose_OfTheModelWithThatKindAlone()
    {
        const string policy =
            """
            @id("goes") permit (principal, action == Proofgate::Action::"disclose", resource == Proofgate::Model::"m")
            when { context.kinds == [Proofgate::Kind::"IBAN"] };
            """;
        var facts = Facts with { Kinds = ["IBAN", "US_SSN"] };

        Assert.True(new Inquiry(Files.Of(policy), Callers.Application, Callers.Now).Ask(Vocabulary.Disclose, "IBAN", Model, facts).Allowed);
        Assert.False(new Inquiry(Files.Of(policy), Callers.Application, Callers.Now).Ask(Vocabulary.Disclose, "US_SSN", Model, facts).Allowed);
    }

    [Fact]
    public void Ask_ExplainsByTheOneThatIsRefused_WhenSomebodyActs()
    {
        const string policies =
            """
            @id("agent") permit (principal == Proofgate::Client::"agent", action, resource);
            @id("not-alice") @reason("Not for Alice.") forbid (principal == Proofgate::User::"alice", action, resource);
            """;
        var inquiry = new Inquiry(Files.Of(policies), Callers.Person with { Actors = ["agent"] }, Callers.Now);
        var decision = inquiry.Ask(Vocabulary.Reveal, "IBAN", Model, Facts);

        Assert.False(decision.Allowed);
        Assert.Equal(["not-alice"], decision.Policies);
        Assert.Equal("Not for Alice.", decision.Reason);
    }

    [Fact]
    public void Decide_UsesOneClock_ForAllQuestionsOfACall()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Callers.Now);
        var policy = $$"""@id("now") permit (principal, action, resource) when { context.now == datetime("{{Callers.Now:yyyy-MM-ddTHH:mm:ssZ}}") };""";
        var inquiry = new Authorizer(time).Open(Files.Of(policy), Callers.Application);
        Assert.True(inquiry.Decide(Vocabulary.Infer, Model, Facts).Allowed);

        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(inquiry.Decide(Vocabulary.Infer, Model, Facts).Allowed);
        Assert.False(new Authorizer(time).Open(Files.Of(policy), Callers.Application).Decide(Vocabulary.Infer, Model, Facts).Allowed);
    }

    private static Decision Decide(string policies, Caller? caller = null) =>
        new Inquiry(Files.Of(policies), caller ?? Callers.Application, Callers.Now).Decide(Vocabulary.Infer, Model, Facts);

    private static Decision Ask(string policies, EntityUid action, string kind) =>
        new Inquiry(Files.Of(policies), Callers.Application, Callers.Now).Ask(action, kind, Model, Facts);
}
