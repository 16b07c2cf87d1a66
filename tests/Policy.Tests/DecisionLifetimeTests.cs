using Proofgate.Cedar;
using Proofgate.Identity;
using Proofgate.Tests.Support;
using Files = Proofgate.Tests.Support.Bundles;

namespace Proofgate.Policy.Tests;

/// <summary>A decision says how long it may be relied on: never past the credential, never past the bundle's <c>decisionLifetime</c>.</summary>
public sealed class DecisionLifetimeTests
{
    private const string PermitAll = """@id("all") permit (principal, action, resource);""";

    private static readonly Entity Model = Vocabulary.Model("m", "openai", "eu", 2, external: true);

    [Theory]
    [InlineData("", 86_400, 300)]
    [InlineData(""", "decisionLifetime": 60""", 86_400, 60)]
    [InlineData(""", "decisionLifetime": 3600""", 90, 90)]
    public void ValidUntil_IsTheEarlierOfLifetimeAndExpiry_ForEveryAnswer(string setting, int expiresIn, int expected)
    {
        var bundle = Files.Of(PermitAll, $$"""{ "name": "test"{{setting}} }""");
        var caller = Callers.Application with { Expires = Callers.Now.AddSeconds(expiresIn) };
        var until = Callers.Now.AddSeconds(expected);
        var facts = new CallFacts { Label = 0 };

        var inquiry = new Inquiry(bundle, caller, Callers.Now);
        Assert.Equal(until, inquiry.Decide(Vocabulary.Infer, Model, facts).ValidUntil);
        Assert.Equal(until, inquiry.Ask(Vocabulary.Reveal, "IBAN", Model, facts).ValidUntil);
        Assert.Equal(until, inquiry.Listing().ValidUntil);
        var limited = caller with { Limits = new KeyLimits { Actions = Callers.Set("query") } };
        Assert.Equal(until, new Inquiry(bundle, limited, Callers.Now).Decide(Vocabulary.Infer, Model, facts).ValidUntil);
    }

    [Fact]
    public void ValidUntil_IsTheLifetimesEnd_WhenTheKeyNeverExpires() => Assert.Equal(
        Callers.Now.AddSeconds(300),
        new Inquiry(Files.Of(PermitAll), Callers.Application with { Expires = DateTimeOffset.MaxValue }, Callers.Now).Listing().ValidUntil);

    [Theory]
    [InlineData("0")]
    [InlineData("3601")]
    [InlineData("1.5")]
    [InlineData("\"60\"")]
    public void Load_RefusesALifetime_OutOfBounds(string value) => Assert.Equal(
        ["bundle.json: decisionLifetime must be whole seconds, 1 to 3600."],
        Files.Problems(("bundle.json", $$"""{ "name": "test", "decisionLifetime": {{value}} }"""), ("p.cedar", PermitAll)));
}
