using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Proofgate.Data.Tests;

public sealed class DataSourceSecretsTests
{
    [Fact]
    public async Task ASecretBesideTheOthers_GoesBeforeThatOfTheSettings_AndIsRotated()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Proofgate:DataSources:sales:Address", "Host=db"), new("Proofgate:DataSources:sales:Secret", "settings"), new("Proofgate:DataSources:other:Secret", "kept"),
            new("Proofgate:Secrets:DataSources:sales", "vault"), new("Proofgate:Secrets:DataSources:unknown", "nobody's"),
        ]).Build();
        await using var services = new ServiceCollection().AddProofgateData(configuration).BuildServiceProvider();
        var sources = services.GetRequiredService<IOptionsMonitor<DataSourcesOptions>>();
        Assert.Equal(("vault", "kept", 2), (sources.CurrentValue["sales"].Secret, sources.CurrentValue["other"].Secret, sources.CurrentValue.Count));

        configuration["Proofgate:Secrets:DataSources:sales"] = "rotated";
        configuration.Reload();
        Assert.Equal("rotated", sources.CurrentValue["sales"].Secret);
    }
}
