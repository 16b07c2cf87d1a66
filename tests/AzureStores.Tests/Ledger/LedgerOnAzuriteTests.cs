using System.Text.RegularExpressions;
using Azure;
using Azure.Core;
using Azure.Data.Tables;
using Azure.Data.Tables.Sas;
using Proofgate.Audit;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Verification;
using Proofgate.AzureStores.Ledger;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.AzureStores.Tests.Ledger;

/// <summary>ledger.md, "Proof that it holds", where rows are real: every fault of one append, eight writers that are torn, and the writer's rights.</summary>
[Collection(AzuriteGroup.Name)]
public sealed partial class LedgerOnAzuriteTests(AzuriteFixture azurite, ITestOutputHelper output)
{
    [Theory]
    [InlineData(LedgerInsertion.Transaction, HttpPipelinePosition.PerCall)]
    [InlineData(LedgerInsertion.Transaction, HttpPipelinePosition.PerRetry)]
    [InlineData(LedgerInsertion.RowByRow, HttpPipelinePosition.PerCall)]
    [InlineData(LedgerInsertion.RowByRow, HttpPipelinePosition.PerRetry)]
    public async Task Append_SurvivesAFault_BeforeAndAfterEveryStorageCall(LedgerInsertion insertion, HttpPipelinePosition position)
    {
        var stream = await StreamSample.MakeAsync(insertion == LedgerInsertion.Transaction ? 120 : 5);
        string? root = null;
        var (points, more) = (0, true);
        for (var call = 0; more; call++)
        {
            more = false;
            foreach (var after in new[] { false, true })
            {
                var table = await Tables.NewAsync(azurite);
                var faults = new CallFaults { Call = call, After = after };
                var ledger = new TableLedger(table.Over(azurite, faults, position));
                for (var attempt = 0; ; attempt++)
                {
                    Assert.True(attempt < 5, $"call {call}, after {after}: still not appended");
                    try
                    {
                        var writer = await stream.WriterAsync(ledger, insertion);
                        foreach (var batch in stream.Records.Skip((int)writer.NextSequence).Chunk(50))
                            await writer.AppendAsync(batch, CancellationToken.None);
                        root ??= writer.Root.ToString();
                        Assert.Equal((root, (long)stream.Leaves), (writer.Root.ToString(), writer.Size));
                        break;
                    }
                    catch (LedgerUnavailableException)
                    {
                        Assert.True(faults.Hit);
                    }
                }

                var report = await new LedgerVerifier(new TableLedger(table)).VerifyAsync(null, CancellationToken.None);
                Assert.Equal((0, (long)stream.Leaves), (report.ExitCode, report.Logs.Single().Size));
                more |= faults.Hit;
                points += faults.Hit ? 1 : 0;
            }
        }

        output.WriteLine($"{insertion}, {position}: {points} fault points on Azurite, each enumerated");
        Assert.True(points >= 14);
    }

    /// <summary>Tasks that are torn at random calls, as a kill tears a process; real kills are in tests/EndToEnd.</summary>
    [Theory]
    [Trait("Category", "Heavy")]
    [InlineData(LedgerInsertion.Transaction, LedgerInsertion.Transaction, 2000)]
    [InlineData(LedgerInsertion.RowByRow, LedgerInsertion.RowByRow, 400)]
    [InlineData(LedgerInsertion.Transaction, LedgerInsertion.RowByRow, 400)]
    public async Task EightWriters_ThatAreTornAtRandomCalls_MakeOneLinearLog(LedgerInsertion even, LedgerInsertion odd, int full)
    {
        var events = Counts.Full ? full : full / 10;
        var stream = await StreamSample.MakeAsync(events);
        var table = await Tables.NewAsync(azurite);
        var (torn, alarms) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            var insertion = seed % 2 == 0 ? even : odd;
            while (true)
            {
                var faults = new CallFaults { Call = random.Next(4, 40), After = random.Next(2) == 0 };
                try
                {
                    var ledger = new TableLedger(table.Over(azurite, faults, HttpPipelinePosition.PerCall));
                    var writer = await stream.WriterAsync(ledger, insertion);
                    for (var at = (int)writer.NextSequence; at < stream.Records.Count;)
                    {
                        var count = Math.Min(random.Next(1, 30), stream.Records.Count - at);
                        await writer.AppendAsync(stream.Records.GetRange(at, count), CancellationToken.None);
                        at += count;
                    }

                    return;
                }
                catch (LedgerUnavailableException)
                {
                    Interlocked.Increment(ref torn);
                }
                catch (LedgerDamagedException)
                {
                    // Nobody has changed anything here: no writer may ever claim so.
                    Interlocked.Increment(ref alarms);
                    throw;
                }
            }
        })));

        var report = await new LedgerVerifier(new TableLedger(table)).VerifyAsync(null, CancellationToken.None);
        output.WriteLine($"{even} and {odd}: 8 writers, {events} events, torn {torn} times; {report.Logs.Single().Size} leaves, {report.Events} events, root {report.Logs.Single().Root}");
        Assert.Equal((0, (long)stream.Leaves, events + 2L, 0L, 1L), (report.ExitCode, report.Logs.Single().Size, report.Events, report.Conflicts, report.Redelivered));
        Assert.True(torn > 0);
        Assert.Equal(0, alarms);
    }

    [Theory]
    [Trait("Category", "Heavy")]
    [InlineData(LedgerInsertion.Transaction, LedgerInsertion.Transaction, 1500)]
    [InlineData(LedgerInsertion.Transaction, LedgerInsertion.RowByRow, 300)]
    public async Task EightWriterProcesses_ThatAreKilled_MakeOneLinearLog(LedgerInsertion even, LedgerInsertion odd, int events)
    {
        var killsOfEach = Counts.Full ? 5 : 1;
        events = Counts.Full ? events : events / 5;
        var stream = await StreamSample.MakeAsync(events);
        var table = await Tables.NewAsync(azurite);
        using var folder = new TemporaryFolder();
        var file = folder.Of("stream");
        await WriterProcess.WriteAsync(file, stream.Records);
        var (kills, midway) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            var random = new Random(writer);
            for (var life = 0; life <= killsOfEach; life++)
            {
                await using var process = WriterProcess.Start(azurite.ConnectionString, table.Name, file, (writer * 100) + life, writer % 2 == 0 ? even : odd);
                await process.WaitForLineAsync(WriterProcess.Began);
                if (life < killsOfEach)
                {
                    // Anywhere in its work.
                    await Task.Delay(random.Next(0, 250));
                    Interlocked.Add(ref midway, process.Output.Contains(WriterProcess.Done) ? 0 : 1);
                    process.Kill();
                    Interlocked.Increment(ref kills);
                }

                await process.WaitForExitAsync();
                Assert.True(life < killsOfEach || process.Output.Contains(WriterProcess.Done), string.Join('\n', process.Errors));
            }
        })));

        var report = await new LedgerVerifier(new TableLedger(table)).VerifyAsync(null, CancellationToken.None);
        output.WriteLine($"{even} and {odd}: 8 processes, {kills} kills -9 of which {midway} midway; {report.Logs.Single().Size} leaves, {report.Events} events, root {report.Logs.Single().Root}");
        Assert.Equal((0, (long)stream.Leaves, events + 2L, 0L, 1L), (report.ExitCode, report.Logs.Single().Size, report.Events, report.Conflicts, report.Redelivered));
        Assert.True(midway > 0);
    }

    /// <summary>The contract has insert and read. What a whole life of a log sends (opening, appending, collisions, restart, a new epoch) is that and no more.</summary>
    [Theory]
    [InlineData(LedgerInsertion.Transaction)]
    [InlineData(LedgerInsertion.RowByRow)]
    public async Task Writer_SendsInsertsAndQueriesAndNothingElse(LedgerInsertion insertion)
    {
        var stream = await StreamSample.MakeAsync(30);
        var table = await Tables.NewAsync(azurite);
        var wire = new Faults();
        var ledger = new TableLedger(table.Over(azurite, wire));
        var first = await stream.WriterAsync(ledger, insertion);
        var second = await stream.WriterAsync(ledger, insertion);
        await first.AppendAsync(stream.Records.GetRange(0, 20), CancellationToken.None);
        await second.AppendAsync(stream.Records, CancellationToken.None);
        await LedgerWriter.OpenAsync(
            ledger, "audit", 0, StreamSample.Identity with { CreatedAt = StreamSample.Identity.CreatedAt.AddDays(1) }, stream, insertion,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, CancellationToken.None);

        var name = table.Name;
        var operations = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (method, address, body) in wire.Sent)
        {
            Count($"{method} {address.AbsolutePath.Replace(name, "{table}", StringComparison.Ordinal)}");
            foreach (Match inner in InnerRequest().Matches(body))
                Count($"in a transaction: {inner.Groups["verb"].Value} {new Uri(inner.Groups["to"].Value).AbsolutePath.Replace(name, "{table}", StringComparison.Ordinal)}");
        }

        foreach (var (operation, times) in operations)
            output.WriteLine($"{times,4} x {operation}");
        string[] inserts = ["POST /devstoreaccount1/$batch", "in a transaction: POST /devstoreaccount1/{table}", "POST /devstoreaccount1/{table}", "GET /devstoreaccount1/{table}()"];
        Assert.All(operations.Keys, o => Assert.Contains(o, inserts));
        Assert.Equal(insertion == LedgerInsertion.RowByRow, !operations.ContainsKey("POST /devstoreaccount1/$batch"));
        Assert.Equal(insertion == LedgerInsertion.RowByRow, operations.ContainsKey("POST /devstoreaccount1/{table}"));

        void Count(string operation) => operations[operation] = operations.GetValueOrDefault(operation) + 1;
    }

    [Fact]
    public async Task UpdatesAndDeletes_AreRefused_ToWhoMayReadAndAdd()
    {
        var stream = await StreamSample.MakeAsync(5);
        var table = await Tables.NewAsync(azurite);
        var sas = table.GenerateSasUri(TableSasPermissions.Read | TableSasPermissions.Add, TimeProvider.System.GetUtcNow().AddHours(1));
        var limited = new TableClient(sas);
        // The writer itself needs no more than that.
        var writer = await stream.WriterAsync(new TableLedger(limited), LedgerInsertion.RowByRow);
        await writer.AppendAsync(stream.Records, CancellationToken.None);
        Assert.Equal(stream.Leaves, writer.Size);

        TableEntity row = await table.QueryAsync<TableEntity>().FirstAsync();
        var change = new TableEntity(row.PartitionKey, row.RowKey) { ["seq"] = 99L };
        Func<Task>[] attacks =
        [
            () => limited.UpdateEntityAsync(change, ETag.All, TableUpdateMode.Merge), () => limited.UpdateEntityAsync(change, ETag.All, TableUpdateMode.Replace),
            () => limited.UpsertEntityAsync(change, TableUpdateMode.Merge), () => limited.UpsertEntityAsync(change, TableUpdateMode.Replace),
            () => limited.DeleteEntityAsync(row.PartitionKey, row.RowKey), () => limited.DeleteAsync(),
        ];
        foreach (var attack in attacks)
            Assert.Equal(403, (await Assert.ThrowsAsync<RequestFailedException>(attack)).Status);
        Assert.Equal(409, (await Assert.ThrowsAsync<RequestFailedException>(() => limited.AddEntityAsync(change))).Status);
        Assert.Equal(0, (await new LedgerVerifier(new TableLedger(table)).VerifyAsync(null, CancellationToken.None)).ExitCode);
        output.WriteLine($"{attacks.Length} kinds of update and delete: each refused with 403; a second insert with 409");
    }

    [GeneratedRegex(@"^(?<verb>\w+) (?<to>http\S+) HTTP/1\.1\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex InnerRequest();
}
