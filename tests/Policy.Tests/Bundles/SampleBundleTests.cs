using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Proofgate.Cedar;
using Proofgate.Inference;
using Proofgate.Inference.Models;
using Proofgate.Policy.Bundles;
using Proofgate.Tests.Support;
using Files = Proofgate.Tests.Support.Bundles;

namespace Proofgate.Policy.Tests.Bundles;

/// <summary>The sample bundle does what its comments say.</summary>
public sealed class SampleBundleTests
{
    private static readonly PolicyBundle Sample = Assert.IsType<BundleLoad.Loaded>(
        new BundleLoader(Sections()).LoadFolder(Files.SampleFolder)).Bundle;

    private static readonly Entity Assistant = Vocabulary.Model("assistant", "ollama", "local", 2, external: false);
    private static readonly Entity Abroad = Vocabulary.Model("assistant", "openai", "us", 2, external: true);
    private static readonly Entity BoardAssistant = Vocabulary.Model("board-assistant", "ollama", "local", 3, external: false);

    [Theory]
    [InlineData("developer", "assistant", true, "developers-use-the-assistant")]
    [InlineData("developer", "board-assistant", false, "board-assistant-is-for-the-board")]
    [InlineData("board", "board-assistant", true, "the-board-uses-its-assistant")]
    [InlineData("board", "assistant", false, "")]
    [InlineData("nobody", "assistant", false, "")]
    public void Infer_IsForTheRolesThatTheCommentsName_ByModel(string role, string model, bool allowed, string policy)
    {
        var decision = Ask(role).Decide(Vocabulary.Infer, model == "assistant" ? Assistant : BoardAssistant, new CallFacts { Label = 0 });

        Assert.Equal(allowed, decision.Allowed);
        Assert.Equal(policy, string.Join(",", decision.Policies));
        Assert.Equal(Sample.Digest, decision.PolicyDigest);
    }

    [Fact]
    public void Infer_IsRefused_AboveTheModelsLabelAndForWhatCannotBeInspected()
    {
        var over = Ask("developer").Decide(Vocabulary.Infer, Assistant, new CallFacts { Label = 3 });
        Assert.Equal(["labels-stay-below-the-model", "restricted-stays-in-the-network"], over.Policies);
        Assert.Equal("This call carries data of a label that the model may not receive.", over.Reason);
        Assert.True(Ask("developer").Decide(Vocabulary.Infer, Assistant, new CallFacts { Label = 2 }).Allowed);

        var opaque = Ask("developer").Decide(Vocabulary.Infer, Assistant, new CallFacts { Label = 0, Opaque = true });
        Assert.Equal(["only-text"], opaque.Policies);
    }

    [Theory]
    [InlineData("EMAIL_ADDRESS", true)]
    [InlineData("PHONE_NUMBER", true)]
    [InlineData("IP_ADDRESS", true)]
    [InlineData("IBAN", false)]
    [InlineData("US_SSN", false)]
    public void Disclose_IsForPeopleAndMachines_InsideTheHouseOnly(string kind, bool inside)
    {
        Assert.Equal(inside, Ask("developer").Ask(Vocabulary.Disclose, kind, Assistant, new CallFacts { Label = 0 }).Allowed);
        Assert.False(Ask("developer").Ask(Vocabulary.Disclose, kind, Abroad, new CallFacts { Label = 0 }).Allowed);
    }

    [Theory]
    [InlineData("board", "EMAIL_ADDRESS", true)]
    [InlineData("board", "PHONE_NUMBER", true)]
    [InlineData("board", "IP_ADDRESS", false)]
    [InlineData("board", "PAYMENT_CARD", false)]
    [InlineData("developer", "IP_ADDRESS", true)]
    [InlineData("developer", "EMAIL_ADDRESS", false)]
    public void Reveal_ShowsWhatTheCommentsSay_ByRole(string role, string kind, bool seen) =>
        Assert.Equal(seen, Ask(role).Ask(Vocabulary.Reveal, kind, Assistant, new CallFacts { Label = 0 }).Allowed);

    [Fact]
    public void Manage_IsForAdministrators_OfTheirOwnTenant()
    {
        var facts = new CallFacts { Label = 0 };
        Assert.True(Ask("administrator").Decide(Vocabulary.Manage, Vocabulary.KeyRing("contoso"), facts).Allowed);
        Assert.False(Ask("administrator").Decide(Vocabulary.Manage, Vocabulary.KeyRing("fabrikam"), facts).Allowed);
        Assert.False(Ask("developer").Decide(Vocabulary.Manage, Vocabulary.AuditLog("contoso"), facts).Allowed);
    }

    [Fact]
    public void Catalog_HasTheModelsOfTheManifest_WithoutAnAddressForUnconfiguredUpstreams()
    {
        var catalog = ModelCatalog.Of(Sample);

        Assert.Equal(["assistant", "claude", "regional-assistant", "board-assistant"], catalog.Models.Keys);
        Assert.Equal(3, catalog.Models["board-assistant"].MaxLabel);
        Assert.Equal(["openai", "azure", "ollama", "sample"], catalog.Models["assistant"].Targets.Select(static t => t.Upstream.Name));
        // openai has an address in the bundle, but no secret here: it is not asked without one.
        Assert.Null(catalog.Models["assistant"].Usable);
        Assert.Equal(3, Sample.KindLabels["US_SSN"]);
    }

    private static Inquiry Ask(string role) => new(Sample, Callers.Application with { Roles = Callers.Set(role) }, Callers.Now);

    private static IEnumerable<IBundleSection> Sections() =>
        new ServiceCollection().AddProofgateInference(new ConfigurationBuilder().Build()).BuildServiceProvider().GetServices<IBundleSection>();
}
