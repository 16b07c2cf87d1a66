using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Proofgate.Audit;
using Proofgate.Http.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Http.Tests.Faults;

/// <summary>
/// Everything that a provider can do wrong and a client can do meanwhile, in each dialect, on real sockets through all rooms: what the client sees is true, what the
/// ledger says is true, and nothing is left behind.
/// </summary>
[Collection(nameof(Alone))]
public sealed class FaultMatrixTests(ITestOutputHelper output)
{
    private const int Lanes = 16;
    private const int Blocks = 10;

    /// <summary>Growth of the heap that is no leak: pools that have not been full before. A kilobyte that is left behind by each round is more.</summary>
    private const long Slack = 4 * 1024 * 1024;

    /// <summary>Where a round handles six to a hundred megabytes, what the pool keeps of them goes up and down by a few of those. One that is left behind is seen.</summary>
    private const long SlackOfLarge = 96 * 1024 * 1024;

    private static int _round;

    [Fact]
    [Trait("Category", "Heavy")]
    [Trait("Rule", "H9")]
    public async Task EveryFault_IsToldTruthfully_AndLeavesNothingBehind()
    {
        var rounds = Counts.Of(10_000, output);
        using var connections = new ConnectionGauge();
        await using var upstream = new FaultyUpstream();
        var board = new TraceBoard();
        await using var gateway = await StartAsync(upstream, board);
        var key = await gateway.DeveloperAsync();
        var failures = new ConcurrentDictionary<FaultCell, string>();
        var counts = new ConcurrentDictionary<FaultCell, int>();
        using var large = new SemaphoreSlim(2);
        var small = FaultCell.All.Where(static c => !c.IsLarge).ToList();
        var heaps = await MeasureAsync(small);
        var heapsOfLarge = await MeasureAsync([.. FaultCell.All.Except(small)]);

        Print(failures, counts);
        output.WriteLine($"heap after each tenth, KiB: {Shown(heaps)}");
        output.WriteLine($"of the rounds with large answers: {Shown(heapsOfLarge)}");
        Assert.Empty(failures.Select(static f => $"{f.Key}: {f.Value}"));
        Assert.True(heaps[^1] - heaps[0] < Slack, $"The heap grew by {(heaps[^1] - heaps[0]) / 1024} KiB.");
        Assert.True(heapsOfLarge[^1] - heapsOfLarge[0] < SlackOfLarge, $"With large answers the heap grew by {(heapsOfLarge[^1] - heapsOfLarge[0]) / 1024} KiB.");
        await AssertEveryPlaceIsFreeAsync(gateway, upstream, board, key);

        // Each cell once, so that code and pools are warm; and then in ten blocks that are compared.
        async Task<List<long>> MeasureAsync(List<FaultCell> cells)
        {
            await RunAsync(cells);
            var after = new List<long>();
            var perBlock = Math.Max(cells.Count, rounds * cells.Count / FaultCell.All.Count) / Blocks;
            for (var block = 0; block < Blocks; block++)
            {
                await RunAsync(Enumerable.Range(block * perBlock, perBlock).Select(i => cells[i % cells.Count]));
                await QuietAsync(upstream, board, connections);
                after.Add(GC.GetTotalMemory(forceFullCollection: true));
            }

            return after;
        }

        static string Shown(List<long> heaps) => string.Join(' ', heaps.Select(static h => (h / 1024).ToString(CultureInfo.InvariantCulture)));

        async Task RunAsync(IEnumerable<FaultCell> cells) => await Parallel.ForEachAsync(
            cells, new ParallelOptions { MaxDegreeOfParallelism = Lanes }, async (cell, _) =>
            {
                counts.AddOrUpdate(cell, 1, static (_, n) => n + 1);
                if (cell.IsLarge)
                {
                    await large.WaitAsync(CancellationToken.None);
                }

                if (await PlayAsync(gateway, upstream, board, key, cell) is { } wrong)
                {
                    failures[cell] = wrong;
                }

                if (cell.IsLarge)
                {
                    large.Release();
                }
            });
    }

    private static async Task<string?> PlayAsync(TestGateway gateway, FaultyUpstream upstream, TraceBoard board, string key, FaultCell cell)
    {
        var trace = Guid.NewGuid().ToString("N");
        // In the prompt, where digits could be somebody's number.
        var mark = string.Concat(Interlocked.Increment(ref _round).ToString(CultureInfo.InvariantCulture).Select(static d => (char)('a' + d - '0')));
        var (status, body) = await FaultClient.AskAsync(gateway.Address, cell, key, trace, mark, () => upstream.AskedAsync(mark));
        try
        {
            return cell.Judge(status, body, await board.TakeAsync(trace));
        }
        catch (TimeoutException)
        {
            return $"no outcome; status {status}, {body[..Math.Min(body.Length, 200)]}";
        }
    }

    private static Task<TestGateway> StartAsync(FaultyUpstream upstream, TraceBoard board) => TestGateway.StartOnWireAsync(
        services =>
        {
            services.Replace(ServiceDescriptor.Singleton<IAuditStream>(board));
            // Lines of ten thousand rounds would be the leak that is looked for.
            services.AddLogging(static l => l.ClearProviders());
        },
        ("Proofgate:Upstreams:sample:Endpoint", upstream.Address.ToString()),
        ("Proofgate:Upstreams:anthropic:Endpoint", upstream.Address.ToString()),
        ("Proofgate:Inference:FirstTokenTimeout", "00:00:01.5"),
        ("Proofgate:Inference:StreamIdleTimeout", "00:00:01.5"),
        ("Proofgate:Inference:PlainAnswerTimeout", "00:00:03"),
        ("Proofgate:Inference:MaxAnswerBytes", $"{8 * 1024 * 1024}"),
        ("Proofgate:Routing:RetryDelay", "00:00:00.01"),
        ("Proofgate:Routing:BreakerMinAttempts", "100000"),
        ("Proofgate:Admission:RequestsPerMinute", "10000000"),
        ("Proofgate:Admission:ConcurrentPerKey", $"{Lanes * 2}"),
        ("Proofgate:Audit:Hub", "faults"));

    /// <summary>Everything that was begun has ended.</summary>
    private static async Task QuietAsync(FaultyUpstream upstream, TraceBoard board, ConnectionGauge connections)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (upstream.Open > 0 || board.Open > 0 || connections.Open > 0)
        {
            // Sockets are closed by the kernel, which tells nobody.
            await Task.Delay(10, patience.Token);
        }
    }

    /// <summary>As many at once as the key may have: one place that was not given back would be missed.</summary>
    private static async Task AssertEveryPlaceIsFreeAsync(TestGateway gateway, FaultyUpstream upstream, TraceBoard board, string key)
    {
        var held = new FaultCell(Speech.All[0], true, UpstreamFault.StallsBeforeHeaders, ClientConduct.Stays);
        var all = await Task.WhenAll(Enumerable.Range(0, Lanes * 2).Select(_ => PlayAsync(gateway, upstream, board, key, held)));
        Assert.All(all, Assert.Null);
        Assert.Equal(0, board.Open);
    }

    private void Print(ConcurrentDictionary<FaultCell, string> failures, ConcurrentDictionary<FaultCell, int> counts)
    {
        output.WriteLine($"{"dialect",-10}{"answer",-10}{"provider",-20}{"client",-21}{"sees",-28}{"ledger",-17}{"asked",-7}{"rounds",-8}");
        foreach (var cell in FaultCell.All)
        {
            var sees = cell.Status == 0 ? "-" : cell.Code is null ? $"{cell.Status}{(cell.Fault == UpstreamFault.ErrorAsSuccess ? " provider's error" : string.Empty)}" : $"{cell.Status} {cell.Code}";
            output.WriteLine(
                $"{cell.Speech.Name,-10}{(cell.Streaming ? "streamed" : "plain"),-10}{cell.Fault,-20}{cell.Conduct,-21}{sees,-28}{cell.Result,-17}{cell.Attempts,-7}{counts.GetValueOrDefault(cell),-8}"
                + failures.GetValueOrDefault(cell));
        }
    }

    /// <summary>Connections of clients that Kestrel has open.</summary>
    private sealed class ConnectionGauge : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _open;

        internal ConnectionGauge()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "kestrel.active_connections")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref _open, change));
            _listener.Start();
        }

        internal long Open => Interlocked.Read(ref _open);

        public void Dispose() => _listener.Dispose();
    }
}
