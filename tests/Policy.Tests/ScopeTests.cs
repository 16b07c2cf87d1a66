using Proofgate.Cedar;
using Proofgate.Tests.Support;
using Files = Proofgate.Tests.Support.Bundles;

namespace Proofgate.Policy.Tests;

/// <summary>O3: scope and resource are asked about on each request, by policy, and a token's scope grants nothing by itself.</summary>
[Trait("Rule", "O3")]
public sealed class ScopeTests
{
    private const string ScopedToOneModel =
        """@id("scoped") permit (principal, action == Proofgate::Action::"infer", resource == Proofgate::Model::"assistant") when { context.scopes.contains("chat.use") };""";

    private static readonly CallFacts Facts = new() { Label = 0 };

    [Theory]
    [InlineData("chat.use", "assistant", true)]
    [InlineData("chat.use", "board-assistant", false)]
    [InlineData("chat.user", "assistant", false)]
    [InlineData("", "assistant", false)]
    public void Decision_NeedsTheScope_ForThisVeryResource(string scope, string model, bool allowed)
    {
        var caller = Callers.Person with { Scopes = Callers.Set(scope) };
        var decision = new Inquiry(Files.Of(ScopedToOneModel), caller, Callers.Now).Decide(Vocabulary.Infer, Model(model), Facts);
        Assert.Equal(allowed, decision.Allowed);
    }

    [Fact]
    public void Scope_GrantsNothing_WherePolicyDoesNotSpeakOfIt() => Assert.False(
        new Inquiry(Files.Of("""@id("other") permit (principal in Proofgate::Role::"board", action, resource);"""), Callers.Person with { Scopes = Callers.Set("chat.use", "*") }, Callers.Now)
            .Decide(Vocabulary.Infer, Model("assistant"), Facts).Allowed);

    private static Entity Model(string name) => Vocabulary.Model(name, "openai", "eu", 2, external: true);
}
