using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using Proofgate.AzureStores.Secrets;
using Proofgate.AzureStores.Tests.Vault;

namespace Proofgate.AzureStores.Tests.Secrets;

/// <summary>The real client of secrets against a vault on a loopback port, over TLS.</summary>
public sealed class SecretsOverTlsTests : IAsyncLifetime
{
    private const string Upstream = "Proofgate:Secrets:Upstreams:openai";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private PlayedVault _vault = null!;

    public async Task InitializeAsync()
    {
        _vault = await PlayedVault.StartAsync();
        _vault.Secrets["ApiKeyPepper--1"] = "pepper";
        _vault.Secrets["Upstreams--openai"] = "sk-one";
    }

    public async Task DisposeAsync() => await _vault.DisposeAsync();

    [Fact]
    public void Secrets_AreRead_WithTheTokenThatTheVaultAsksFor_AndOnlyTheirNames()
    {
        var configuration = Build(out _);
        Assert.Equal(("pepper", "sk-one"), (configuration["Proofgate:Secrets:ApiKeyPepper:1"], configuration[Upstream]));
        Assert.All(_vault.Asked, static a => Assert.True(a.Method == "GET" && a.Path.StartsWith("/secrets/", StringComparison.Ordinal)));
        Assert.Contains(_vault.Asked, static a => a.Authorization == "Bearer token-for-https://vault.azure.net/.default");
        Assert.DoesNotContain(_vault.Asked, static a => a.Path.StartsWith("/secrets/?", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EachKindOfSecret_IsRotated_WithoutARestart()
    {
        var configuration = Build(out var provider);
        _vault.Secrets["Upstreams--openai"] = "sk-two";
        _vault.Secrets["ApiKeyPepper--2"] = "next";
        Assert.Equal(new SecretsReload.Changed(3), await provider.ReloadAsync(CancellationToken.None));
        Assert.Equal(("pepper", "next", "sk-two"),
            (configuration["Proofgate:Secrets:ApiKeyPepper:1"], configuration["Proofgate:Secrets:ApiKeyPepper:2"], configuration[Upstream]));
    }

    [Fact]
    public async Task AnOutageAfterTheStart_IsBridged_ForTheStatedTime_AndNoLonger()
    {
        var configuration = Build(out var provider);
        _vault.Instead = static http => Fail(http, 503, "ServerBusy");
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.IsType<SecretsReload.Kept>(await provider.ReloadAsync(CancellationToken.None));
        Assert.Equal("sk-one", configuration[Upstream]);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<SecretsReload.Dropped>(await provider.ReloadAsync(CancellationToken.None));
        Assert.Null(configuration[Upstream]);
        _vault.Instead = null;
        Assert.IsType<SecretsReload.Changed>(await provider.ReloadAsync(CancellationToken.None));
        Assert.Equal("sk-one", configuration[Upstream]);
    }

    [Theory]
    [InlineData(403, "Forbidden", "needs the role 'Key Vault Secrets User'")]
    [InlineData(404, "SecretNotFound", "az keyvault secret set")]
    [InlineData(503, "ServerBusy", "status 503 ServerBusy.")]
    public void AnOutageAtTheStart_EndsIt_AndSaysWhatToDo(int status, string code, string advice)
    {
        _vault.Instead = http => Fail(http, status, code);
        var error = Assert.Throws<StoreUnavailableException>(() => Build(out _));
        Assert.Contains("could not be read from", error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-one", error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<bool> Fail(HttpContext http, int status, string code)
    {
        http.Response.StatusCode = status;
        await http.Response.WriteAsJsonAsync(new { error = new { code, message = "played" } });
        return true;
    }

    private IConfigurationRoot Build(out KeyVaultProvider provider)
    {
        var options = new KeyVaultOptions
        {
            Uri = _vault.Root,
            Secrets = { "ApiKeyPepper--1", "Upstreams--openai" },
            Optional = { "ApiKeyPepper--2" },
            KeepDuringOutage = TimeSpan.FromHours(1),
        };
        var configuration = new ConfigurationBuilder().Add(new KeyVaultSource(_vault.SecretClient(), options, _time)).Build();
        provider = configuration.Providers.OfType<KeyVaultProvider>().Single();
        return configuration;
    }
}
