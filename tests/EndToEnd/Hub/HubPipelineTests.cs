using Proofgate.Local;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.EndToEnd.Hub;

/// <summary>Issue 9.2: gateway, hub, writer, table and <c>proofgate audit verify</c>, over AMQP, while the hub's broker is killed.</summary>
public sealed class HubPipelineTests(ITestOutputHelper output)
{
    private const int Clients = 8;
    private const int Kills = 20;
    private const int CiKills = 2;
    private const string StorageVariable = "PROOFGATE_TEST_STORAGE";

    [Fact]
    [Trait("Category", "Heavy")]
    public async Task KilledBroker_LosesNoAcknowledgedEvent_AndNoneIsInTheLedgerTwice()
    {
        var kills = Counts.Full ? Kills : CiKills;
        using var folder = new TemporaryFolder();
        await using var spy = await SpyUpstream.StartAsync();
        await spy.HeadAsync(200, "application/json");
        await spy.ScriptAsync(SpyUpstream.Send("""{"id":"x","object":"chat.completion","created":1,"model":"spy","choices":[]}"""));
        await using var azurite = await AzuriteServer.StartAsync(new AzuriteOptions { DataFolder = folder.Of("azurite") }, null, CancellationToken.None);
        var broker = await HubProcess.StartAsync(folder.Of("hub"));
        try
        {
            var port = broker.Port;
            await using var writing = new AmqpHub(port);
            await using var writer = await HubWriter.StartAsync(azurite.ConnectionString, writing);
            await using var sending = new AmqpHub(port);
            var lanes = new Lanes();
            await using (var gateway = await HubGateway.StartAsync(azurite.ConnectionString, sending, spy.Address))
            {
                for (var kill = 0; kill < kills; kill++)
                {
                    await WhileCallsComeAsync(gateway, lanes, 60 + (kill * 37 % 100), async () =>
                    {
                        await broker.KillAsync();
                        await broker.DisposeAsync();
                        broker = await HubProcess.StartAsync(folder.Of("hub"), port);
                    });
                }

                await WhileCallsComeAsync(gateway, lanes, 60, static () => Task.CompletedTask);
            }

            await writer.Trigger.CaughtUpAsync();
            await AssertHeldOnceAsync(azurite.ConnectionString, lanes, $"{kills} kills -9 of the broker under load of {Clients} clients", writer.Trigger.Failures);
            var key = await writer.SignAsync();
            await AssertVerifiesAsync(folder, azurite.ConnectionString, "audit", "verify", "--storage", StorageVariable, "--json");
            await AssertVerifiesAsync(folder, azurite.ConnectionString, "audit", "verify", "--container", StorageVariable, "--log-key", key, "--json");
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }

    private static async Task WhileCallsComeAsync(HubGateway gateway, Lanes lanes, int answers, Func<Task> act)
    {
        using var stop = new CancellationTokenSource();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = lanes.RunAsync(() => Http.Chat(gateway.Address, Http.Ask("x"), gateway.Key), Clients, answers, reached, stop.Token);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(90));
        await act();
        await stop.CancelAsync();
        await running;
    }

    private async Task AssertHeldOnceAsync(string storage, Lanes lanes, string what, int retries)
    {
        var snapshot = await LedgerSnapshot.TakeAsync(storage);
        var times = snapshot.Times();
        var missing = lanes.Acknowledged.Values.Count(p => times.GetValueOrDefault(p.LeafHash) == 0);
        var twice = lanes.Acknowledged.Values.Count(p => times.GetValueOrDefault(p.LeafHash) > 1);
        output.WriteLine(
            $"{what}: {lanes.Acknowledged.Count} acknowledged decisions, {lanes.Failed} calls cut off or refused, {retries} times the writer began again; in the ledger {missing} missing, {twice} twice, of {snapshot.Leaves} leaves");
        Assert.Equal((0, 0), (missing, twice));
        Assert.True(lanes.Acknowledged.Count >= 100);
    }

    private static async Task AssertVerifiesAsync(TemporaryFolder folder, string storage, params string[] args)
    {
        await using var command = ManagedProcess.StartAssembly(
            Path.Combine(AppContext.BaseDirectory, "proofgate.dll"), args, new Dictionary<string, string?> { [StorageVariable] = storage, ["PROOFGATE_GATEWAY"] = null, ["PROOFGATE_KEY"] = null }, folder.Path);
        command.Input.Close();
        var code = await command.WaitForExitAsync();
        Assert.True(code == 0, string.Join('\n', command.Output.Concat(command.Errors)));
    }
}
