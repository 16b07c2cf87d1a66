using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Moq;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Cosigning;
using Proofgate.Audit.Notes;
using Proofgate.AzureStores.Keys;
using Proofgate.AzureStores.Ledger;
using Proofgate.AzureStores.Vault;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;
using Proofgate.Support;

namespace Proofgate.AzureStores.Tests;

[Collection(AzuriteGroup.Name)]
public sealed class AzureStoresServicesTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task Stores_Work_OnceTheTablesAreMade()
    {
        await using var services = Services(new ServiceCollection()).BuildServiceProvider(validateScopes: true);
        await services.GetRequiredService<StoreInitializer>().InitializeAsync(CancellationToken.None);

        Assert.IsType<TableLedger>(services.GetRequiredService<ILedgerTable>());
        Assert.IsType<TableSubjectKeys>(services.GetRequiredService<ISubjectKeyStore>());
        var keys = Assert.IsType<TableApiKeys>(services.GetRequiredService<IApiKeyStore>());
        Assert.Null(await keys.FindAsync(KeyId.New(), CancellationToken.None));
        Assert.Empty(services.GetServices<IHostedService>());
    }

    [Fact]
    public void Host_CanReplaceAnyStore()
    {
        var own = Mock.Of<ILedgerTable>();
        using var services = Services(new ServiceCollection().AddSingleton(own)).BuildServiceProvider();
        Assert.Same(own, services.GetRequiredService<ILedgerTable>());
    }

    /// <summary>As the writer registers them: the log's key in a vault, and the one before it in the settings, or the other way round.</summary>
    [Theory]
    [InlineData("KeyId", "Proofgate:Secrets:FormerLogKey")]
    [InlineData("FormerKeyId", "Proofgate:Secrets:LogKey")]
    public void LogKeys_AreAVaultsOrTheSettings_AsTheSettingsSay(string inVault, string inSettings)
    {
        using var key = Ed25519Signer.Generate();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Proofgate:Storage:ConnectionString", azurite.ConnectionString),
            new($"{CheckpointOptions.Section}:{inVault}", "https://name.vault.azure.net/keys/log/0123"),
            new(inSettings, key.Reveal("log")),
        ]).Build();
        using var services = new ServiceCollection().AddLogging()
            .AddProofgateLedgerInlet(configuration).AddProofgateLogSigner(configuration).AddProofgateAzureStores(configuration).BuildServiceProvider();
        var (signer, former) = (services.GetRequiredService<ILogSigner>(), services.GetRequiredService<FormerLogKey>().Signer);
        Assert.IsType<VaultLogSigner>(inVault == "KeyId" ? signer : former);
        Assert.IsType<Ed25519Signer>(inVault == "KeyId" ? former : signer);
        Assert.NotNull(services.GetRequiredService<CheckpointWriter>());
        Assert.False(services.GetRequiredService<CosignatureRelay>().HasWitnesses);
    }

    [Fact]
    public async Task Host_DoesNotStart_WithoutAnAccount()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddProofgateAzureStores(builder.Configuration);
        using var host = builder.Build();
        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
    }

    private IServiceCollection Services(IServiceCollection services) => services.AddLogging().AddProofgateAzureStores(
        new ConfigurationBuilder().AddInMemoryCollection([new("Proofgate:Storage:ConnectionString", azurite.ConnectionString)]).Build());
}
