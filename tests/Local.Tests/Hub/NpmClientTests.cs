using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Local.Tests.Hub;

/// <summary>What <c>@azure/event-hubs</c> from npm makes of the broker; tests/peers/event-hubs.mjs says what each scenario is.</summary>
public sealed class NpmClientTests(HubFixture hub, ITestOutputHelper output) : IClassFixture<HubFixture>
{
    /// <summary>hub.md: sending, receiving and errors.</summary>
    [Theory]
    [InlineData("Properties")]
    [InlineData("Single")]
    [InlineData("Batch")]
    [InlineData("TooLarge")]
    [InlineData("PartitionKey")]
    [InlineData("PartitionId")]
    [InlineData("Positions")]
    [InlineData("ConsumerGroups")]
    [InlineData("Epochs")]
    [InlineData("Checkpoints")]
    [InlineData("Metrics")]
    [InlineData("Buffered")]
    [InlineData("Errors")]
    public async Task Client_IsServed(string scenario)
    {
        await using var client = await Peers.StartAsync("event-hubs.mjs", [hub.Broker.ConnectionString, "audit", scenario]);
        var code = await client.WaitForExitAsync();
        Report(output, client);
        Assert.Equal(0, code);
        Assert.Contains(client.Output, line => line.StartsWith($"ok {scenario} ", StringComparison.Ordinal));
        Assert.Equal(0, hub.Broker.WaitingBytes);
    }

    internal static void Report(ITestOutputHelper output, ManagedProcess client)
    {
        foreach (var line in client.Output.Concat(client.Errors))
        {
            output.WriteLine(line);
        }
    }
}
