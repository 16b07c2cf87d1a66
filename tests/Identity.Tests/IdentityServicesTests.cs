using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Tests.Support;

namespace Proofgate.Identity.Tests;

public sealed class IdentityServicesTests
{
    [Theory]
    [InlineData("Proofgate:TrustedHops", "-1")]
    [InlineData("Proofgate:TrustedHops", "17")]
    [InlineData("Proofgate:Identity:DefaultKeyAge", "00:10:00")]
    [InlineData("Proofgate:Identity:MaxCredentialLength", "10")]
    [InlineData("Proofgate:Identity:CachedKeys", "0")]
    [InlineData("Proofgate:Identity:CachedRefusals", "0")]
    [InlineData("Proofgate:Identity:ConcurrentReads", "0")]
    [InlineData("Proofgate:Identity:ReadTimeout", "00:01:00")]
    [InlineData("Proofgate:Identity:LookupsPerMinute", "0")]
    [InlineData("Proofgate:Identity:TrackedNetworks", "1")]
    [InlineData("Proofgate:Dpop:MaxAge", "00:00:01")]
    [InlineData("Proofgate:Dpop:MaxAge", "01:00:00")]
    [InlineData("Proofgate:Dpop:MaxAhead", "-00:00:01")]
    [InlineData("Proofgate:Dpop:MaxAhead", "00:02:00")]
    [InlineData("Proofgate:Dpop:StoreTimeout", "00:00:00")]
    [InlineData("Proofgate:Dpop:RememberedProofs", "1")]
    [InlineData("Proofgate:Dpop:NoncePolicy", "required", "Proofgate:Secrets:DpopNonce", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("Proofgate:Secrets:DpopNonce", "not base64 at all, and it is secret")]
    [InlineData("Proofgate:Secrets:ApiKeyPepper:0", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("Proofgate:Secrets:ApiKeyPepper:01", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("Proofgate:Secrets:ApiKeyPepper:x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("Proofgate:Secrets:ApiKeyPepper:2", "not base64 at all, and it is secret")]
    [InlineData("Proofgate:Secrets:ApiKeyPepper:2", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==")]
    public void Start_NamesTheKey_OfEachBadSetting(string key, string value, params string[] more)
    {
        var failures = Failures([(key, value), .. more.Chunk(2).Select(static m => (m[0], m[1]))]);
        Assert.StartsWith(key + " must ", Assert.Single(failures), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failures[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Start_ReportsAllErrorsOfASection_AtOnce() =>
        Assert.Equal(2, Failures(("Proofgate:Identity:CachedKeys", "0"), ("Proofgate:Identity:LookupsPerMinute", "0")).Count);

    [Fact]
    [Trait("Rule", "K2")]
    public void Start_NeedsAPepper()
    {
        var services = new ServiceCollection().AddLogging().AddProofgateIdentity(new ConfigurationBuilder().Build()).BuildServiceProvider();
        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.Contains("Proofgate:Secrets:ApiKeyPepper:1 is missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "D20")]
    public void Start_NeedsANonceSecret_WhereThePolicyUsesNonces()
    {
        (string, string) origin = ("Proofgate:PublicOrigins:0", Room.Origin);
        Assert.StartsWith(ProofOptions.NonceSecretKey + " must be ", Assert.Single(Failures(origin, ("Proofgate:Dpop:NoncePolicy", "optional"))), StringComparison.Ordinal);
        Assert.Equal(2, Failures(origin, ("Proofgate:Dpop:NoncePolicy", "7"), ("Proofgate:Secrets:DpopNonce", "AAAA")).Count);
        Assert.Empty(Failures(origin, ("Proofgate:Dpop:NoncePolicy", "required"), (ProofOptions.NonceSecretKey, Room.Pepper(1))));
    }

    [Fact]
    [Trait("Rule", "D14")]
    public void Start_NeedsAStoreOfUsedProofs_WhereProofsAreTaken()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("Proofgate:PublicOrigins:0", Room.Origin), new($"{Room.PepperKey}:1", Room.Pepper(1))]).Build();
        var services = new ServiceCollection().AddLogging().AddProofgateIdentity(configuration).BuildServiceProvider();
        var failure = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
        Assert.StartsWith("Proofgate:PublicOrigins must be empty", Assert.Single(failure.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Start_Succeeds_WithTheDefaults() => Assert.Empty(Failures());

    [Fact]
    public void Add_RegistersEachPartOnce_WhenCalledTwice()
    {
        var configuration = new ConfigurationBuilder().Build();
        var once = new ServiceCollection().AddProofgateIdentity(configuration);
        var twice = new ServiceCollection().AddProofgateIdentity(configuration).AddProofgateIdentity(configuration);
        Assert.Equal(Ours(once), Ours(twice));

        static List<string> Ours(IServiceCollection services) =>
            [.. services.Select(s => s.ServiceType.FullName!).Where(n => n.StartsWith("Proofgate", StringComparison.Ordinal) || n.Contains("IHostedService", StringComparison.Ordinal))];
    }

    [Fact]
    public void Add_LeavesToTheHost_WhatItHasReplaced()
    {
        using var services = new ServiceCollection()
            .AddSingleton<IKeyedDigest>(new CountingDigest())
            .AddProofgateIdentity(new ConfigurationBuilder().Build())
            .BuildServiceProvider();
        Assert.IsType<CountingDigest>(services.GetRequiredService<IKeyedDigest>());
    }

    private static List<string> Failures(params (string Key, string Value)[] settings)
    {
        var room = new Room(settings: settings);
        try
        {
            room.Get<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException failure)
        {
            return [.. failure.Failures];
        }
    }
}
