using System.Net;
using Proofgate.Cedar;
using Proofgate.Identity;
using Proofgate.Tests.Support;
using Files = Proofgate.Tests.Support.Bundles;

namespace Proofgate.Policy.Tests.Decisions;

/// <summary>Limits on an API key hold whatever policy permits.</summary>
public sealed class KeyLimitTests
{
    private static readonly PolicyBundle PermitsAll = Files.Of("""@id("all") permit (principal, action, resource);""");
    private static readonly Entity Model = Vocabulary.Model("m", "openai", "eu", 2, external: true);

    [Theory]
    [InlineData("infer", true)]
    [InlineData("manage", false)]
    [InlineData("query", false)]
    public void Action_IsRefused_WhenTheKeyDoesNotNameIt(string named, bool allowed)
    {
        var limits = new KeyLimits { Actions = Callers.Set(named) };

        Holds(limits, "proofgate.key.action", allowed);
        // Sending a found value to the model is part of asking it.
        Assert.Equal(allowed, Ask(limits).Ask(Vocabulary.Disclose, "IBAN", Model, new CallFacts { Label = 0 }).Allowed);
        Assert.Equal(named == "manage", Ask(limits).Decide(Vocabulary.Manage, Vocabulary.KeyRing("contoso"), new CallFacts { Label = 0 }).Allowed);
    }

    [Theory]
    [InlineData("m", true)]
    [InlineData("M", false)]
    [InlineData("other", false)]
    public void Model_IsRefused_WhenTheKeyDoesNotNameIt(string named, bool allowed) =>
        Holds(new KeyLimits { Models = Callers.Set(named) }, "proofgate.key.model", allowed);

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(1, 0, false)]
    [InlineData(1, 1, true)]
    [InlineData(2, 1, false)]
    public void Label_IsRefused_AboveTheKeys(long label, long most, bool allowed) =>
        Holds(new KeyLimits { MaxLabel = most }, "proofgate.key.label", allowed, label: label);

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("11.1.2.3", false)]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:db9::1", false)]
    [InlineData(null, false)]
    public void Network_IsRefused_OutsideTheKeysAndWithoutAnAddress(string? address, bool allowed) =>
        Holds(
            new KeyLimits { Networks = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8::/32")] }, "proofgate.key.network", allowed, address);

    [Fact]
    public void NoLimit_RefusesNothing()
    {
        Holds(new KeyLimits(), "", allowed: true);
        Assert.True(new Inquiry(PermitsAll, Callers.Person, Callers.Now).Decide(Vocabulary.Infer, Model, new CallFacts { Label = 9 }).Allowed);
    }

    [Fact]
    public void Limit_IsAskedBeforePolicy_SoThatItsReasonIsGiven()
    {
        var denies = Files.Of("""@id("no") @reason("x") forbid (principal, action, resource);""");
        var decision = new Inquiry(denies, Callers.Application.With(new KeyLimits { MaxLabel = 0 }), Callers.Now)
            .Decide(Vocabulary.Infer, Model, new CallFacts { Label = 1 });

        Assert.Equal(["proofgate.key.label"], decision.Policies);
        Assert.Equal(denies.Digest, decision.PolicyDigest);
    }

    private static Inquiry Ask(KeyLimits limits) => new(PermitsAll, Callers.Application.With(limits), Callers.Now);

    private static void Holds(KeyLimits limits, string id, bool allowed, string? address = null, long label = 0)
    {
        var decision = new Inquiry(PermitsAll, Callers.Application.With(limits, address), Callers.Now)
            .Decide(Vocabulary.Infer, Model, new CallFacts { Label = label });

        Assert.Equal(allowed, decision.Allowed);
        if (!allowed)
        {
            Assert.Equal([id], decision.Policies);
            Assert.NotEmpty(decision.Reason);
        }
    }
}
