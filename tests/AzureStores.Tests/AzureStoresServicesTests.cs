using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Moq;
using Proofgate.Audit;
using Proofgate.AzureStores.Keys;
using Proofgate.AzureStores.Ledger;
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
