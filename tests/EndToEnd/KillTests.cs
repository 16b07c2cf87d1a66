using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Proofgate.Local;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.EndToEnd;

/// <summary>What a kill -9 takes with it: no event that anybody was answered for.</summary>
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Clients = 8;

    private static readonly (string, string)[] Settings =
    [
        ("Proofgate__SelfHost__SampleModelDelay", "00:00:00"), ("Proofgate__Admission__RequestsPerMinute", "10000000"),
    ];

    [Theory]
    [Trait("Category", "Heavy")]
    [InlineData("Transaction", 20)]
    [InlineData("RowByRow", 2)]
    public async Task KilledGateway_LosesNoAcknowledgedEvent_HoweverOften(string insertion, int kills)
    {
        using var folder = new TemporaryFolder();
        (string, string)[] settings = [.. Settings, ("Proofgate__Audit__LedgerInsertion", insertion)];
        var lanes = new Lanes();
        var rounds = Counts.Full ? kills : 1;
        for (var round = 0; round < rounds; round++)
        {
            await using var gateway = await Gateway.StartAsync(folder: folder.Path, settings: settings);
            await WhileCallsComeAsync(gateway, lanes, 100 + (round * 37 % 200), gateway.KillAsync);
        }

        await using var last = await Gateway.StartAsync(folder: folder.Path, settings: settings);
        await Ledger.CaughtUpAsync(last);
        await AssertHeldOnceAsync(last, lanes, $"{insertion}: {rounds} kills -9 of the gateway under load of {Clients} clients");
    }

    [Fact]
    public async Task KilledStorage_IsFilledAgainFromTheStream_WithTheSameIndicesAndRoots()
    {
        using var folder = new TemporaryFolder();
        var lanes = new Lanes();
        LedgerSnapshot before = null!;
        var signed = 0L;
        await using (var gateway = await Gateway.StartAsync(folder: folder.Path, settings: Settings))
        {
            await WhileCallsComeAsync(gateway, lanes, 100, async () =>
            {
                await SavedAsync(Path.Combine(gateway.State, "azurite"), lanes, more: 100);
                before = await LedgerSnapshot.TakeAsync(gateway.StorageConnection);
                for (signed = NewestCheckpoint(gateway); NewestCheckpoint(gateway) == signed;)
                {
                    // Another process signs: there is nothing to await.
                    await Task.Delay(20);
                }

                signed = NewestCheckpoint(gateway);
                var pid = await File.ReadAllTextAsync(Path.Combine(gateway.State, "azurite", "azurite.pid"));
                using var azurite = Process.GetProcessById(int.Parse(pid, CultureInfo.InvariantCulture));
                azurite.Kill();
                Assert.Equal(1, await gateway.EndedAsync());
            });
        }

        LedgerSnapshot lost;
        await using (var azurite = await AzuriteServer.StartAsync(new AzuriteOptions { DataFolder = Path.Combine(folder.Path, ".proofgate", "azurite") }, null, CancellationToken.None))
        {
            lost = await LedgerSnapshot.TakeAsync(azurite.ConnectionString);
        }

        await using var again = await Gateway.StartAsync(folder: folder.Path, settings: Settings);
        await Ledger.CaughtUpAsync(again);
        var after = await LedgerSnapshot.TakeAsync(again.StorageConnection);
        foreach (var (log, leaves) in before.Logs)
        {
            Assert.Equal(leaves, after.Logs[log].Take(leaves.Count));
        }

        // Whoever holds a checkpoint of before, signed or noted, finds it in the log of after.
        Assert.All(before.Roots, r => Assert.Equal(r.Value, after.RootAt(r.Key.Log, r.Key.Size)));
        await AssertCheckpointsHoldAsync(again);
        output.WriteLine($"The newest checkpoint before the kill has size {signed}; the largest log had {lost.Logs.Values.Max(static l => l.Count)} leaves left.");
        output.WriteLine(
            $"{before.Leaves} leaves and {before.Roots.Count} roots noted; after the kill {lost.Leaves} leaves were left, {before.Leaves - lost.Leaves} fewer; filled again to {after.Leaves}");
        await AssertHeldOnceAsync(again, lanes, "kill -9 of Azurite under load");
    }

    private static long NewestCheckpoint(Gateway gateway) => Directory.EnumerateFiles(Path.Combine(gateway.State, "evidence"), "*", SearchOption.AllDirectories)
        .Where(static f => Path.GetFileName(Path.GetDirectoryName(f)) == "checkpoints" && !f.Contains("-super", StringComparison.Ordinal))
        // One that is being written has another name until it is complete.
        .Select(static f => long.TryParse(Path.GetFileName(f), NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : 0)
        .DefaultIfEmpty()
        .Max();

    /// <summary>What was signed before the kill of what the table then lost is, signatures, tiles and all, what the table holds again.</summary>
    private static async Task AssertCheckpointsHoldAsync(Gateway gateway)
    {
        var export = await gateway.ProofgateAsync("audit", "export", "--out", "copy", "--json");
        Assert.Equal(0, export.ExitCode);
        var key = (string)JsonNode.Parse(export.Output)!["logKey"]!;
        var verified = await gateway.ProofgateAsync("audit", "verify", "--evidence", "copy", "--log-key", key, "--json");
        Assert.True(verified.ExitCode == 0, verified.Output);
        Assert.Equal(0, (await gateway.ProofgateAsync("audit", "verify", "--json")).ExitCode);
    }

    /// <summary>Waits until Azurite has saved some of the ledger, which it does every 5 s, and so many more calls were answered since.</summary>
    private static async Task SavedAsync(string folder, Lanes lanes, int more)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!Directory.EnumerateFiles(folder, "__azurite_db_table__.json").Any(static f => File.ReadAllText(f).Contains("e0000000000000000010", StringComparison.Ordinal)))
        {
            // Polls another process: there is nothing to await.
            await Task.Delay(50, late.Token);
        }

        for (var until = lanes.Acknowledged.Count + more; lanes.Acknowledged.Count < until;)
        {
            // Lanes count as they go, and tell nobody.
            await Task.Delay(20, late.Token);
        }
    }

    /// <summary>Does something after so many answers, in the middle of others.</summary>
    private static async Task WhileCallsComeAsync(Gateway gateway, Lanes lanes, int answers, Func<Task> act)
    {
        using var stop = new CancellationTokenSource();
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = lanes.RunAsync(gateway, Clients, answers, reached, stop.Token);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(90));
        await act();
        await stop.CancelAsync();
        await running;
    }

    private async Task AssertHeldOnceAsync(Gateway gateway, Lanes lanes, string what)
    {
        var snapshot = await LedgerSnapshot.TakeAsync(gateway.StorageConnection);
        var times = snapshot.Times();
        var missing = lanes.Acknowledged.Values.Count(p => times.GetValueOrDefault(p.LeafHash) == 0);
        var twice = lanes.Acknowledged.Values.Count(p => times.GetValueOrDefault(p.LeafHash) > 1);
        output.WriteLine($"{what}: {lanes.Acknowledged.Count} acknowledged decisions, {lanes.Failed} calls cut off or refused; in the ledger {missing} missing, {twice} twice, of {snapshot.Leaves} leaves");
        Assert.Equal((0, 0), (missing, twice));
        Assert.True(lanes.Acknowledged.Count >= 100);
        var ids = (await Ledger.EventsAsync(gateway)).Where(static e => e.GetProperty("kind").GetString() == "decision").GroupBy(static e => e.GetProperty("id").GetString()!).ToDictionary(static g => g.Key, static g => g.Count());
        Assert.All(lanes.Acknowledged.Keys, id => Assert.Equal(1, ids.GetValueOrDefault(id)));
        var verified = await gateway.ProofgateAsync("audit", "verify", "--json");
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Error);
        // One of them as its caller would ask.
        Assert.Equal(0, (await gateway.ProofgateAsync("audit", "promise", lanes.Acknowledged.Values.First().ToString())).ExitCode);
    }
}
