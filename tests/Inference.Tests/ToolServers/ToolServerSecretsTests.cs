using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Proofgate.Inference.ToolServers;

namespace Proofgate.Inference.Tests.ToolServers;

public sealed class ToolServerSecretsTests
{
    [Fact]
    public async Task ASecretBesideTheOthers_GoesBeforeThatOfTheSettings_AndIsRotated()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
        [
            new("Proofgate:ToolServers:shop:Secret", "settings"), new("Proofgate:ToolServers:other:Secret", "kept"), new("Proofgate:Secrets:ToolServers:shop", "vault"),
        ]).Build();
        await using var services = new ServiceCollection().AddProofgateInference(configuration).BuildServiceProvider();
        var servers = services.GetRequiredService<IOptionsMonitor<ToolServersOptions>>();
        Assert.Equal(("vault", "kept"), (servers.CurrentValue["shop"].Secret, servers.CurrentValue["other"].Secret));

        configuration["Proofgate:Secrets:ToolServers:shop"] = "rotated";
        configuration.Reload();
        Assert.Equal("rotated", servers.CurrentValue["shop"].Secret);
    }
}
