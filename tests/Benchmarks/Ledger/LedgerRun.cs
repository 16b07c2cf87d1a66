using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Events;
using Proofgate.Audit.Evidence;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Promises;
using Proofgate.Audit.Publishing;
using Proofgate.Audit.Streaming;
using Proofgate.Audit.Verification;
using Proofgate.Benchmarks.Load;
using Proofgate.Local;
using Proofgate.Support;

namespace Proofgate.Benchmarks.Ledger;

/// <summary>What the ledger costs: appending against raw batches, acknowledgement, the way into the ledger, verification, bytes, and a flood of refusals.</summary>
internal static class LedgerRun
{
    private const int Rounds = 5;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    internal static async Task<int> RunAsync(LedgerRunOptions options)
    {
        using var folder = new TemporaryFolder();
        var events = await RealEvents.MakeAsync(options.Events);
        Print($"{events.Count} events of real calls (decision and outcome in turn), {events.Average(static e => e.Length):0} bytes each; medians of {Rounds} interleaved rounds");
        if (options.Wants("append"))
        {
            await using var azurite = await AzuriteServer.StartAsync(new AzuriteOptions { DataFolder = folder.Of("azurite") }, null, CancellationToken.None);
            await AppendAsync(azurite.ConnectionString, events);
        }

        if (options.Wants("delay"))
        {
            // A fresh one: Azurite stands still while it saves what it holds, every 5 s, and the longer the more that is.
            await using var azurite = await AzuriteServer.StartAsync(new AzuriteOptions { DataFolder = folder.Of("azurite-fresh") }, null, CancellationToken.None);
            await DelayAsync(azurite.ConnectionString, folder.Of("delay"), options.Time);
        }

        if (options.Wants("checkpoint"))
        {
            await using var azurite = await AzuriteServer.StartAsync(new AzuriteOptions { DataFolder = folder.Of("azurite-signed") }, null, CancellationToken.None);
            await CheckpointAsync(azurite.ConnectionString, folder.Of("checkpoint"), options.Time);
        }

        if (options.Wants("verify"))
        {
            await VerifyAsync(events);
        }

        if (options.Wants("acknowledge"))
        {
            await AcknowledgeAsync(folder, options.Time);
        }

        if (options.Wants("flood"))
        {
            await FloodAsync(folder, options.Time);
        }

        if (options.Wants("promise"))
        {
            Promises();
        }

        return 0;
    }

    /// <summary>The same rows, by the ledger's writer and by the bare client.</summary>
    private static async Task AppendAsync(string connection, IReadOnlyList<byte[]> events)
    {
        var records = events.Select(static (b, i) => new StreamRecord(i, DateTimeOffset.UnixEpoch, b)).ToList();
        var rates = new Dictionary<string, List<double>> { ["raw"] = [], ["transaction"] = [], ["row by row"] = [] };
        var cpu = new Dictionary<string, List<double>> { ["raw"] = [], ["transaction"] = [], ["row by row"] = [] };
        for (var round = -1; round < Rounds; round++)
        {
            var few = records.Take(records.Count / 20).ToList();
            (string Name, List<StreamRecord> Records, Func<TableClient, List<StreamRecord>, Task> Work)[] ways =
            [
                ("raw", records, RawAsync),
                ("transaction", records, (table, all) => WriteAsync(connection, table, all, LedgerInsertion.Transaction)),
                ("row by row", few, (table, all) => WriteAsync(connection, table, all, LedgerInsertion.RowByRow)),
            ];
            // Nobody is always first.
            foreach (var (name, some, work) in round % 2 == 0 ? ways : ways.AsEnumerable().Reverse())
            {
                var table = await NewTableAsync(connection);
                await MeasureAsync(name, some.Count, () => work(table, some));
                await table.DeleteAsync();
            }

            async Task MeasureAsync(string name, int count, Func<Task> work)
            {
                var (started, busy) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
                await work();
                if (round >= 0)
                {
                    rates[name].Add(count / Stopwatch.GetElapsedTime(started).TotalSeconds);
                    cpu[name].Add((Environment.CpuUsage.TotalTime - busy).TotalMicroseconds / count);
                }
            }
        }

        var raw = Sample.Median(rates["raw"]);
        foreach (var (name, measured) in rates)
        {
            Print($"append to Azurite, {name,-11} {Sample.Median(measured),8:0} events/s, x {Sample.Median(measured) / raw:0.00} of raw; {Sample.Median(cpu[name]),5:0} us of this process's processor an event");
        }
    }

    /// <summary>Batches of 97 events and a row like the commit row, as the writer's are.</summary>
    private static async Task RawAsync(TableClient table, List<StreamRecord> records)
    {
        var commit = new byte[1024];
        foreach (var batch in records.Chunk(97))
        {
            var actions = batch.Select(static r => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("bench", $"e{r.Sequence:D19}")
            {
                ["seq"] = r.Sequence,
                ["b0"] = r.Body.ToArray(),
            })).Append(new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("bench", $"z{long.MaxValue - batch[^1].Sequence:D19}")
            {
                ["commit"] = 1L,
                ["size"] = 1L,
                ["root"] = commit[..32],
                ["frontier"] = commit[..320],
                ["s0"] = commit[..72],
            }));
            await table.SubmitTransactionAsync(actions);
        }
    }

    private static async Task WriteAsync(string connection, TableClient table, List<StreamRecord> records, LedgerInsertion insertion)
    {
        var ledger = StoredTables.Ledger(connection, table.Name);
        var writer = await LedgerWriter.OpenAsync(ledger, "bench", 0, new StreamIdentity("embedded:bench", DateTimeOffset.UnixEpoch), NoHistory.Instance, insertion, NullLogger.Instance, CancellationToken.None);
        // As the pump gives them.
        foreach (var batch in records.Chunk(512))
        {
            await writer.AppendAsync(batch, CancellationToken.None);
        }
    }

    private static async Task<TableClient> NewTableAsync(string connection)
    {
        var table = new TableClient(connection, $"T{Guid.NewGuid():N}");
        await table.CreateAsync();
        return table;
    }

    private static async Task DelayAsync(string connection, string folder, TimeSpan time)
    {
        // Not more than the ledger takes in: how far it falls behind a flood is no delay.
        foreach (var background in new[] { 0, 32 })
        {
            var table = StoredTables.Ledger(connection, (await NewTableAsync(connection)).Name);
            var house = new PublishingHouse(Path.Combine(folder, $"{background}"));
            await using (house)
            {
                var pump = new LedgerPump(house.Stream, table, house.Options, TimeProvider.System, NullLogger<LedgerPump>.Instance);
                await pump.StartAsync(CancellationToken.None);
                await pump.CatchUpAsync(CancellationToken.None);
                using var stop = new CancellationTokenSource(time);
                var others = Enumerable.Range(0, background).Select(_ => Task.Run(async () =>
                {
                    while (!stop.IsCancellationRequested)
                    {
                        await house.Publisher.PublishAsync(RealEvents.Decision(), CancellationToken.None);
                        // Ten calls a second each.
                        await Task.Delay(100, CancellationToken.None);
                    }
                })).ToList();
                var delays = new List<double>();
                while (!stop.IsCancellationRequested)
                {
                    await house.Publisher.PublishAsync(RealEvents.Decision(), CancellationToken.None);
                    var published = Stopwatch.GetTimestamp();
                    await pump.CatchUpAsync(CancellationToken.None);
                    delays.Add(Stopwatch.GetElapsedTime(published).TotalMilliseconds);
                }

                await Task.WhenAll(others);
                await pump.CatchUpAsync(CancellationToken.None);
                await pump.DisposeAsync();
                Print($"from acknowledgement to ledger commit, {(background == 0 ? "nobody else" : $"{background} others, {background * 10} events/s")}: {Quantiles(delays)} ms");
            }
        }
    }

    /// <summary>From the acknowledgement until a receipt can be had: ledger, tiles, signature, as a local run has them. A pass begins every second.</summary>
    private static async Task CheckpointAsync(string connection, string folder, TimeSpan time)
    {
        var table = StoredTables.Ledger(connection, (await NewTableAsync(connection)).Name);
        var evidence = new FileEvidenceStore(Path.Combine(folder, "evidence"));
        var origin = new LogOrigin("bench", "bench");
        using var signer = Ed25519Signer.Generate();
        await using var house = new PublishingHouse(folder);
        await using var pump = new LedgerPump(house.Stream, table, house.Options, TimeProvider.System, NullLogger<LedgerPump>.Instance);
        using var writer = new CheckpointWriter(table, evidence, signer, origin, TimeProvider.System, NullLogger<CheckpointWriter>.Instance);
        using var signing = new CheckpointPump(writer, TimeProvider.System);
        await pump.StartAsync(CancellationToken.None);
        await pump.CatchUpAsync(CancellationToken.None);
        await signing.StartAsync(CancellationToken.None);
        var reader = new EvidenceReader(evidence, table, origin, TimeProvider.System, []);
        var until = Stopwatch.GetTimestamp() + (long)(10 * time.TotalSeconds * Stopwatch.Frequency);
        var delays = new ConcurrentBag<double>();
        var waiting = new List<Task>();
        while (Stopwatch.GetTimestamp() < until)
        {
            var decision = RealEvents.Decision();
            await house.Publisher.PublishAsync(decision, CancellationToken.None);
            waiting.Add(ReceiptAsync(decision.Id, Stopwatch.GetTimestamp()));
            // No whole part of a second, so that every phase of the pass is met.
            await Task.Delay(173, CancellationToken.None);
        }

        await Task.WhenAll(waiting);
        await signing.StoppedAsync(CancellationToken.None);
        Print($"from acknowledgement to a receipt under a signed checkpoint: {Quantiles([.. delays])} ms");

        async Task ReceiptAsync(AuditId id, long published)
        {
            while (await reader.FindAsync(id, CancellationToken.None) is not ReceiptSearch.Found)
            {
                // As a client asks again, only sooner: the figure is no finer than this.
                await Task.Delay(20, CancellationToken.None);
            }

            delays.Add(Stopwatch.GetElapsedTime(published).TotalMilliseconds);
        }
    }

    private static async Task VerifyAsync(IReadOnlyList<byte[]> events)
    {
        var table = new MemoryTable();
        var writer = await LedgerWriter.OpenAsync(table, "bench", 0, new StreamIdentity("embedded:bench", DateTimeOffset.UnixEpoch), NoHistory.Instance, LedgerInsertion.Transaction, NullLogger.Instance, CancellationToken.None);
        var records = events.Select(static (b, i) => new StreamRecord(i, DateTimeOffset.UnixEpoch, b)).ToList();
        foreach (var batch in records.Chunk(512))
        {
            await writer.AppendAsync(batch, CancellationToken.None);
        }

        var rates = new List<double>();
        var started = Stopwatch.GetTimestamp();
        while (rates.Count < Rounds)
        {
            var busy = Environment.CpuUsage.TotalTime;
            var report = await new LedgerVerifier(table).VerifyAsync(null, CancellationToken.None);
            if (report.ExitCode != 0 || report.Events != events.Count)
            {
                throw new InvalidOperationException("The log that was just written does not verify.");
            }

            // Until the compiler has done with it: it works beside us, and a log worth verifying takes longer.
            if (Stopwatch.GetElapsedTime(started) < WarmUp)
            {
                continue;
            }

            rates.Add(events.Count / (Environment.CpuUsage.TotalTime - busy).TotalSeconds);
        }

        Print($"verify, rows in memory: {Sample.Median(rates),8:0} events/s of one core (aim 100000)");
        Print($"storage: {(double)table.Bytes / events.Count:0} bytes an event in the table, of which {events.Average(static e => e.Length):0} are the event");
    }

    private static async Task AcknowledgeAsync(TemporaryFolder folder, TimeSpan time)
    {
        foreach (var calls in new[] { 1, 32, 256 })
        {
            await using var house = new PublishingHouse(folder.Of($"ack{calls}"));
            await LanesAsync(house.Publisher, calls, TimeSpan.FromMilliseconds(500));
            var times = await LanesAsync(house.Publisher, calls, time);
            Print($"publish acknowledged (fsync), {calls,3} at once: {Quantiles(times)} ms, {times.Count / time.TotalSeconds:0} events/s");
        }
    }

    /// <summary>Refusals as fast as four callers can report them, which no network could, and at a rate that one could.</summary>
    private static async Task FloodAsync(TemporaryFolder folder, TimeSpan time)
    {
        foreach (var perSecond in new[] { 0, 20_000, int.MaxValue })
        {
            await using var house = new PublishingHouse(folder.Of($"flood{perSecond}"));
            await LanesAsync(house.Publisher, 8, TimeSpan.FromMilliseconds(500));
            using var stop = new CancellationTokenSource();
            var reported = 0L;
            var flood = Enumerable.Range(0, perSecond == 0 ? 0 : perSecond == int.MaxValue ? 1 : 4).Select(lane => Task.Run(async () =>
            {
                var request = new RequestRecord { Route = "/v1/models", Method = "GET" };
                for (var i = 0; !stop.IsCancellationRequested; i++)
                {
                    var address = new IPAddress([(byte)lane, (byte)(i >> 8), (byte)i, 1]);
                    house.Refusals.Report(new RefusalEvent { Id = AuditId.New(TimeProvider.System), Time = TimeProvider.System.GetUtcNow(), Request = request, Status = 401, Reason = "invalid_api_key" }, address);
                    Interlocked.Increment(ref reported);
                    if (perSecond != int.MaxValue && i % (perSecond / 400) == 0)
                    {
                        // A hundred bursts a second.
                        await Task.Delay(10, CancellationToken.None);
                    }
                }
            })).ToList();
            var times = await LanesAsync(house.Publisher, 8, time);
            await stop.CancelAsync();
            await Task.WhenAll(flood);
            Print($"decision acknowledged, 8 at once, under {reported / time.TotalSeconds,8:0} refusals/s: {Quantiles(times)} ms, {times.Count / time.TotalSeconds:0} decisions/s");
        }
    }

    private static void Promises()
    {
        using var key = new ProcessKey();
        var maker = new PromiseMaker(key, Options.Create(new AuditOptions()), TimeProvider.System);
        var receipt = new AuditReceipt(AuditId.New(TimeProvider.System), new string('a', 32), 7, new byte[32]);
        for (var i = 0; i < 500; i++)
        {
            _ = maker.Make(receipt).ToString();
        }

        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < 5000; i++)
        {
            _ = maker.Make(receipt).ToString();
        }

        Print($"promise, signed and written: {Stopwatch.GetElapsedTime(started).TotalMicroseconds / 5000:0.0} us each");
    }

    private static async Task<List<double>> LanesAsync(AuditPublisher publisher, int lanes, TimeSpan time)
    {
        var times = new ConcurrentBag<List<double>>();
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(async () =>
        {
            var mine = new List<double>();
            while (Stopwatch.GetTimestamp() < until)
            {
                var decision = RealEvents.Decision();
                var started = Stopwatch.GetTimestamp();
                await publisher.PublishAsync(decision, CancellationToken.None);
                mine.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            times.Add(mine);
        })));
        return [.. times.SelectMany(static t => t)];
    }

    private static string Quantiles(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0
            ? "nothing measured"
            : string.Create(CultureInfo.InvariantCulture, $"p50 {sorted[sorted.Length / 2]:0.000}, p99 {sorted[Math.Min(sorted.Length - 1, sorted.Length * 99 / 100)]:0.000} ({sorted.Length})");
    }

    private static void Print(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
