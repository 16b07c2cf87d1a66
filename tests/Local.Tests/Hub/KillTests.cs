using System.Globalization;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Local.Tests.Hub;

/// <summary>What a kill -9 of the broker takes with it: nothing that it had acknowledged.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Kills = 20;
    private const int CiKills = 2;
    private const int EventsBetweenKills = 3000;

    /// <summary>hub.md, issue 9.3: four lanes send batches without a pause; after the kills each partition is read from where they began.</summary>
    [Fact]
    [Trait("Category", "Heavy")]
    public async Task KilledBroker_LosesNothingAcknowledged_AndKeepsTheOrderOfAPartition()
    {
        var kills = Counts.Full ? Kills : CiKills;
        using var folder = new TemporaryFolder();
        var broker = await HubProcess.StartAsync(folder.Path);
        try
        {
            var port = broker.Port;
            await using var client = await Peers.StartAsync("event-hubs.mjs", [broker.ConnectionString, "audit", "Survive"]);
            var sent = 0;
            for (var kill = 0; kill < kills; kill++)
            {
                sent = await SentAsync(client, sent + EventsBetweenKills);
                await broker.KillAsync();
                await broker.DisposeAsync();
                broker = await HubProcess.StartAsync(folder.Path, port);
            }

            await SentAsync(client, sent + EventsBetweenKills);
            await client.Input.WriteLineAsync("stop");
            await client.Input.FlushAsync();
            var code = await client.WaitForExitAsync();
            output.WriteLine($"{kills} kills -9 of the broker in mid-batch ({(Counts.Full ? "full" : "PROOFGATE_HEAVY=1: 20")})");
            output.WriteLine(string.Join('\n', client.Output.Where(static l => !l.StartsWith("sent", StringComparison.Ordinal)).Concat(client.Errors)));
            Assert.Equal(0, code);
            Assert.Equal(0, await broker.InterruptAsync());
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }

    private static async Task<int> SentAsync(ManagedProcess client, int atLeast)
    {
        var line = await client.WaitForLineAsync(l => l.StartsWith("FAILED", StringComparison.Ordinal) || Count(l) >= atLeast);
        Assert.StartsWith("sent", line, StringComparison.Ordinal);
        return Count(line);
    }

    private static int Count(string line) =>
        line.StartsWith("sent ", StringComparison.Ordinal) ? int.Parse(line.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture) : -1;
}
