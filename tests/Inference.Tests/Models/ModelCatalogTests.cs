using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Proofgate.Inference.Models;
using Proofgate.Policy;
using Proofgate.Policy.Bundles;
using Proofgate.Tests.Support;

namespace Proofgate.Inference.Tests.Models;

/// <summary>A secret goes only to the hosts that the app settings bind it to.</summary>
public sealed class ModelCatalogTests
{
    private const string Permit = """@id("p") permit (principal, action, resource);""";

    [Fact]
    public void Price_IsCountedInMillionths_AndNeverLessThanWasUsed()
    {
        var price = new ModelPrice(0.15m, 0.6m);

        Assert.Equal(0, price.Of(0, 0));
        Assert.Equal(1, price.Of(1, 0));
        Assert.Equal(750_000, price.Of(1_000_000, 1_000_000));
        Assert.Equal(21, price.Of(20, 29));
        // The dearest model and the longest call that can be asked for.
        Assert.Equal(10_000_000_000_000, new ModelPrice(ModelPrice.Max, ModelPrice.Max).Of(0, 10_000_000));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("""{ "inputPerMillion": 1 }""")]
    [InlineData("""{ "inputPerMillion": -1, "outputPerMillion": 1 }""")]
    [InlineData("""{ "inputPerMillion": 1, "outputPerMillion": 1000001 }""")]
    [InlineData("""{ "inputPerMillion": 1, "outputPerMillion": 1, "outputPerMilion": 1 }""")]
    public void Price_ThatWouldNotBeCounted_RefusesTheBundle(string price) =>
        Assert.Contains("models.m.price must be", Assert.Single(Problems(Manifest("https://api.example.com/v1", "none", price))), StringComparison.Ordinal);

    [Fact]
    public void Secret_GoesToItsHost_AsTheSettingsBindIt()
    {
        var target = Usable("https://api.example.com/v1", ("Secret", "s3cret"), ("Hosts:0", "API.example.com"));

        Assert.Equal(new Uri("https://api.example.com/v1/"), target!.Upstream.Address);
        Assert.Equal("s3cret", target.Upstream.Secret!.Reveal());
        Assert.DoesNotContain("s3cret", target.Upstream.ToString(), StringComparison.Ordinal);
        Assert.Equal("upstream-name", target.UpstreamModel);
    }

    [Theory]
    [InlineData("https://evil.example.net/v1")]
    [InlineData("https://api.example.com.evil.example.net/v1")]
    [InlineData("https://api.example.com:443@evil.example.net/v1")]
    public void Secret_RefusesTheBundle_ThatWouldSendItElsewhere(string endpoint)
    {
        var problems = Problems(Manifest(endpoint), ("Secret", "s3cret"), ("Hosts:0", "api.example.com"));

        Assert.Contains("upstreams.up.endpoint", Assert.Single(problems), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Upstream_IsNotUsable_WithoutTheSecretThatItNeeds()
    {
        Assert.Null(Usable("https://api.example.com/v1"));
        Assert.NotNull(Usable("https://api.example.com/v1", manifest: Manifest("https://api.example.com/v1", "none")));
    }

    [Fact]
    public void Endpoint_OfTheSettings_ComesBeforeTheBundles() =>
        Assert.Equal(
            new Uri("http://localhost:11434/v1/"),
            Usable("https://api.example.com/v1", manifest: Manifest("https://api.example.com/v1", "none"), settings: ("Endpoint", "http://localhost:11434/v1/"))!
                .Upstream.Address);

    [Theory]
    [InlineData("http://api.example.com/v1")]
    [InlineData("ftp://localhost/v1")]
    [InlineData("https://user:pw@api.example.com/v1")]
    [InlineData("https://api.example.com/v1?key=1")]
    [InlineData("https://api.example.com/v1#x")]
    [InlineData("/v1")]
    public void Endpoint_MustBeHttps_WithoutUserQueryOrFragment(string endpoint) =>
        Assert.Contains("upstreams.up.endpoint", Assert.Single(Problems(Manifest(endpoint, "none"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"protocol\": \"openai\"", "\"protocol\": \"smtp\"", "upstreams.up.protocol")]
    [InlineData("\"authentication\": \"bearer\"", "\"authentication\": \"1\"", "upstreams.up.authentication")]
    [InlineData("\"external\": true", "\"external\": \"yes\"", "upstreams.up.external")]
    [InlineData("\"maxLabel\": \"internal\"", "\"maxLabel\": \"top\"", "models.m.maxLabel")]
    [InlineData("\"upstream\": \"up\"", "\"upstream\": \"down\"", "models.m.targets[0].upstream")]
    [InlineData("\"targets\": [{", "\"targets\": [], \"x\": [{", "models.m.targets")]
    [InlineData("\"model\": \"upstream-name\"", "\"model\": \"\"", "models.m.targets[0].model")]
    public void Fault_NamesItsPlace(string sound, string faulty, string place)
    {
        var manifest = Manifest("https://api.example.com/v1");
        Assert.Contains(sound, manifest, StringComparison.Ordinal);

        Assert.Contains(Problems(manifest.Replace(sound, faulty, StringComparison.Ordinal)), p => p.StartsWith($"bundle.json: {place} ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("", "", 1, 2)]
    [InlineData("\"priority\": 3, \"weight\": 9", "\"priority\": 3", 3, 3)]
    [InlineData("\"priority\": 2", "\"priority\": 1", 2, 1)]
    public void Targets_ComeInTheirOrder_UnlessTheyNameTheirPriority(string first, string second, int firstPriority, int secondPriority)
    {
        var targets = ModelCatalog.Of(Bundles.Of(Permit, TwoTargets(first, second), Sections([]))).Models["m"].Targets;
        Assert.Equal([firstPriority, secondPriority], targets.Select(static t => t.Priority));
        Assert.Equal(first.Contains('9', StringComparison.Ordinal) ? 9 : 1, targets[0].Weight);
    }

    [Theory]
    [InlineData("\"priority\": 0", "\"priority\": 1", "targets[0].priority must be a whole number of 1 to 1000")]
    [InlineData("\"priority\": 1.5", "\"priority\": 1", "targets[0].priority must be")]
    [InlineData("\"priority\": 1, \"weight\": \"9\"", "\"priority\": 1", "targets[0].weight must be")]
    [InlineData("\"priority\": 1, \"weight\": 1001", "\"priority\": 1", "targets[0].weight must be")]
    [InlineData("\"priority\": 1", "", "models.m.targets must either all name a 'priority' or none")]
    [InlineData("\"weight\": 3", "\"weight\": 1", "targets[1].weight shares with no other target")]
    public void Share_ThatWouldNotBeWhatItSays_RefusesTheBundle(string first, string second, string problem) =>
        Assert.Contains(Problems(TwoTargets(first, second)), p => p.Contains(problem, StringComparison.Ordinal));

    [Fact]
    public void ManagedIdentity_NeedsAnIdentity_AndTheHostInTheSettings()
    {
        var manifest = Manifest("https://x.openai.azure.com", "managed-identity");
        Assert.Null(Usable("", manifest, ("Hosts:0", "x.openai.azure.com")));
        Assert.Null(With("", manifest));
        var target = With("x.openai.azure.com", manifest);
        Assert.Equal(UpstreamAuthentication.ManagedIdentity, target!.Upstream.Authentication);
        Assert.Equal("https://cognitiveservices.azure.com/.default", target.Upstream.Scope);
        Assert.Null(target.Upstream.Secret);
        Assert.Contains(
            "its token may not go there", Assert.Single(Problems(Manifest("https://evil.example.net", "managed-identity"), new Nobody(), ("Hosts:0", "x.openai.azure.com"))), StringComparison.Ordinal);

        static ModelTarget? With(string host, string manifest) =>
            ModelCatalog.Of(Bundles.Of(Permit, manifest, Sections(host.Length == 0 ? [] : [("Hosts:0", host)], new Nobody()))).Models["m"].Usable;
    }

    [Fact]
    public void Secret_OfTheVault_ComesBeforeTheSettings()
    {
        var target = Usable("https://api.example.com/v1", ("Secret", "s3cret"), ("Hosts:0", "api.example.com"), ("../../Secrets:Upstreams:up", "of-the-vault"));
        Assert.Equal("of-the-vault", target!.Upstream.Secret!.Reveal());
    }

    private static string TwoTargets(string first, string second) =>
        $$"""
        { "name": "t",
          "upstreams": { "up": { "protocol": "openai", "provider": "p", "region": "r", "external": true, "endpoint": "https://a.example/v1", "authentication": "none" } },
          "models": { "m": { "maxLabel": "internal", "targets": [
            { "upstream": "up", "model": "a"{{(first.Length > 0 ? ", " + first : "")}} }, { "upstream": "up", "model": "b"{{(second.Length > 0 ? ", " + second : "")}} }] } } }
        """;

    private static string Manifest(string endpoint, string authentication = "bearer", string price = """{ "inputPerMillion": 0.15, "outputPerMillion": 0.6 }""") =>
        $$"""
        { "name": "t",
          "upstreams": { "up": { "protocol": "openai", "provider": "p", "region": "r", "external": true, "endpoint": "{{endpoint}}", "authentication": "{{authentication}}" } },
          "models": { "m": { "maxLabel": "internal", "price": {{price}}, "targets": [{ "upstream": "up", "model": "upstream-name" }] } } }
        """;

    private static ModelTarget? Usable(string endpoint, params (string Key, string Value)[] settings) => Usable(endpoint, Manifest(endpoint), settings);

    private static ModelTarget? Usable(string endpoint, string manifest, params (string Key, string Value)[] settings) =>
        ModelCatalog.Of(Bundles.Of(Permit, manifest, Sections(settings))).Models["m"].Usable;

    private static IReadOnlyList<string> Problems(string manifest, params (string Key, string Value)[] settings) => Problems(manifest, null, settings);

    private static IReadOnlyList<string> Problems(string manifest, TokenCredential? identity, params (string Key, string Value)[] settings) =>
        Assert.IsType<BundleLoad.Rejected>(Bundles.Load(Sections(settings, identity), ("bundle.json", manifest), ("p.cedar", Permit))).Problems;

    private static IEnumerable<IBundleSection> Sections((string Key, string Value)[] settings, TokenCredential? identity = null)
    {
        var services = new ServiceCollection();
        if (identity is not null)
        {
            services.AddSingleton(identity);
        }

        return services
            .AddProofgateInference(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(static s => KeyValuePair.Create(
                s.Key.StartsWith("../../", StringComparison.Ordinal) ? $"Proofgate:{s.Key[6..]}" : $"Proofgate:Upstreams:up:{s.Key}", (string?)s.Value))).Build())
            .BuildServiceProvider().GetServices<IBundleSection>();
    }

    /// <summary>Nobody asks it for anything.</summary>
    private sealed class Nobody : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
