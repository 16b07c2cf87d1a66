using Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Proofgate.AzureStores.Secrets;

namespace Proofgate.AzureStores.Tests.Secrets;

public sealed class KeyVaultProviderTests
{
    private const string Pepper = "Proofgate:Secrets:ApiKeyPepper:1";
    private static readonly RequestFailedException Busy = new(503, "busy", "ServerBusy", null);

    private readonly FakeVault _vault = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly KeyVaultOptions _options = new()
    {
        Uri = new Uri("https://test.vault.azure.net"),
        Secrets = { "ApiKeyPepper--1", "AuditMaster" },
        ReloadInterval = TimeSpan.FromMinutes(5),
        KeepDuringOutage = TimeSpan.FromHours(1),
    };

    public KeyVaultProviderTests()
    {
        _vault.Held["ApiKeyPepper--1"] = "pepper";
        _vault.Held["AuditMaster"] = "master";
        _vault.Held["SomebodyElses"] = "other";
    }

    [Fact]
    public void Secrets_StandUnderTheirSection_AndNoOthersAreAskedFor()
    {
        var configuration = Build(out _);
        Assert.Equal("pepper", configuration[Pepper]);
        Assert.Equal("master", configuration["Proofgate:Secrets:AuditMaster"]);
        Assert.Equal(_options.Secrets, _vault.Asked.Order(StringComparer.Ordinal));
        Assert.Equal(2, configuration.GetSection("Proofgate:Secrets").GetChildren().Count());
    }

    [Fact]
    public void Start_Fails_WhenASecretIsMissing()
    {
        _vault.Held.Remove("AuditMaster");
        var error = Assert.Throws<StoreUnavailableException>(() => Build(out _));
        Assert.StartsWith("Secret 'AuditMaster' could not be read from https://test.vault.azure.net/: status 404 SecretNotFound. Put it there: az keyvault secret set", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_TellsOfAChange_AndOnlyOfAChange()
    {
        var configuration = Build(out var provider);
        var told = false;
        using var registration = configuration.GetReloadToken().RegisterChangeCallback(_ => told = true, null);

        Assert.IsType<SecretsReload.Unchanged>(await provider.ReloadAsync(CancellationToken.None));
        Assert.False(told);
        _vault.Held["ApiKeyPepper--1"] = "rotated";
        Assert.Equal(new SecretsReload.Changed(2), await provider.ReloadAsync(CancellationToken.None));
        Assert.True(told);
        Assert.Equal("rotated", configuration[Pepper]);
    }

    [Fact]
    public async Task Reload_KeepsTheLastValues_DuringAnOutage()
    {
        var configuration = Build(out var provider);
        var read = _time.GetUtcNow();
        _vault.Failure = Busy;
        _time.Advance(TimeSpan.FromMinutes(59));

        var kept = Assert.IsType<SecretsReload.Kept>(await provider.ReloadAsync(CancellationToken.None));
        Assert.Equal((read, read.AddHours(1)), (kept.Read, kept.Until));
        Assert.Equal("pepper", configuration[Pepper]);
    }

    [Fact]
    public async Task Reload_KeepsAllOfTheLastValues_WhenOneNameFails()
    {
        var configuration = Build(out var provider);
        _vault.Held["ApiKeyPepper--1"] = "rotated";
        _vault.Held.Remove("AuditMaster");
        Assert.IsType<SecretsReload.Kept>(await provider.ReloadAsync(CancellationToken.None));
        Assert.Equal("pepper", configuration[Pepper]);
    }

    [Fact]
    public async Task Reload_DropsTheValues_WhenTheOutageLastsTooLong_AndTakesThemBackAfterIt()
    {
        var configuration = Build(out var provider);
        _vault.Failure = Busy;
        _time.Advance(TimeSpan.FromHours(1));
        Assert.IsType<SecretsReload.Dropped>(await provider.ReloadAsync(CancellationToken.None));
        Assert.Null(configuration[Pepper]);

        _vault.Failure = null;
        Assert.IsType<SecretsReload.Changed>(await provider.ReloadAsync(CancellationToken.None));
        Assert.Equal("pepper", configuration[Pepper]);
    }

    [Fact]
    public async Task Reload_KeepsTheValuesBefore_WhenNewOnesAreNotWhatSettingsMustBe()
    {
        var configuration = Build(out var provider);
        var services = new ServiceCollection();
        services.AddOptions<Sample>().Configure(o => o.Pepper = configuration[Pepper]).Validate(static o => o.Pepper != "nonsense", "A pepper must be sound.");
        services.AddSingleton<IOptionsChangeTokenSource<Sample>>(new ConfigurationChangeTokenSource<Sample>(configuration));
        await using var root = services.BuildServiceProvider();
        var monitor = root.GetRequiredService<IOptionsMonitor<Sample>>();
        Assert.Equal("pepper", monitor.CurrentValue.Pepper);

        _vault.Held["ApiKeyPepper--1"] = "nonsense";
        Assert.Equal(new SecretsReload.Refused("A pepper must be sound."), await provider.ReloadAsync(CancellationToken.None));
        Assert.Equal(("pepper", "pepper"), (configuration[Pepper], monitor.CurrentValue.Pepper));

        _vault.Held["ApiKeyPepper--1"] = "rotated";
        Assert.IsType<SecretsReload.Changed>(await provider.ReloadAsync(CancellationToken.None));
        Assert.Equal("rotated", monitor.CurrentValue.Pepper);
    }

    [Fact]
    public async Task Reload_DropsTheValues_AlsoWhereSettingsMustHaveThem()
    {
        var configuration = Build(out var provider);
        var services = new ServiceCollection();
        services.AddOptions<Sample>().Configure(o => o.Pepper = configuration[Pepper]).Validate(static o => o.Pepper is not null, "missing");
        services.AddSingleton<IOptionsChangeTokenSource<Sample>>(new ConfigurationChangeTokenSource<Sample>(configuration));
        await using var root = services.BuildServiceProvider();
        var monitor = root.GetRequiredService<IOptionsMonitor<Sample>>();
        Assert.Equal("pepper", monitor.CurrentValue.Pepper);

        _vault.Failure = Busy;
        _time.Advance(TimeSpan.FromHours(1));
        Assert.IsType<SecretsReload.Dropped>(await provider.ReloadAsync(CancellationToken.None));
        Assert.Throws<OptionsValidationException>(() => monitor.CurrentValue);
    }

    [Fact]
    public async Task AnOptionalSecret_ComesIntoUse_WhenItIsPutThere()
    {
        _options.Optional.Add("ApiKeyPepper--2");
        var configuration = Build(out var provider);
        Assert.Null(configuration["Proofgate:Secrets:ApiKeyPepper:2"]);
        _vault.Held["ApiKeyPepper--2"] = "next";
        Assert.IsType<SecretsReload.Changed>(await provider.ReloadAsync(CancellationToken.None));
        Assert.Equal(("pepper", "next"), (configuration[Pepper], configuration["Proofgate:Secrets:ApiKeyPepper:2"]));
    }

    [Fact]
    public async Task Reload_CountsAnOutageFromTheLastReading()
    {
        Build(out var provider);
        _time.Advance(TimeSpan.FromMinutes(50));
        await provider.ReloadAsync(CancellationToken.None);
        _vault.Failure = Busy;
        _time.Advance(TimeSpan.FromMinutes(50));
        Assert.IsType<SecretsReload.Kept>(await provider.ReloadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Reload_RunsByItself_InTheHost()
    {
        var configuration = Build(out _);
        var changed = new TaskCompletionSource();
        using var registration = configuration.GetReloadToken().RegisterChangeCallback(_ => changed.TrySetResult(), null);
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(_time).AddProofgateAzureStores(configuration);
        await using var provider = services.BuildServiceProvider();
        var reload = Assert.IsType<KeyVaultReload>(Assert.Single(provider.GetServices<IHostedService>()));
        await reload.StartAsync(CancellationToken.None);
        _vault.Held["ApiKeyPepper--1"] = "rotated";

        var ticking = TickAsync(changed.Task);
        await changed.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await ticking;
        Assert.Equal("rotated", configuration[Pepper]);
        await reload.StopAsync(CancellationToken.None);
    }

    [Fact]
    public void Values_AreNotReadAgain_WhenTheConfigurationIsReloadedDuringAnOutage()
    {
        var configuration = Build(out _);
        _vault.Failure = Busy;
        configuration.Reload();
        Assert.Equal("pepper", configuration[Pepper]);
    }

    private IConfigurationRoot Build(out KeyVaultProvider provider)
    {
        var configuration = new ConfigurationBuilder().Add(new KeyVaultSource(_vault.Client, _options, _time)).Build();
        provider = configuration.Providers.OfType<KeyVaultProvider>().Single();
        return configuration;
    }

    private sealed class Sample
    {
        public string? Pepper { get; set; }
    }

    private async Task TickAsync(Task until)
    {
        while (!until.IsCompleted)
        {
            _time.Advance(_options.ReloadInterval);
            await Task.Yield();
        }
    }
}
