using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Audit.Verification;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Audit.Tests.Verification;

public sealed class LedgerVerifierTests(ITestOutputHelper output)
{
    private const string Log = "audit-00-000000";

    private static readonly SourceId A = new(UInt128.One << 64);
    private static readonly SourceId B = new(UInt128.One << 32);

    [Fact]
    public async Task Report_CountsWhatIsThere_AndNamesOpenDecisions()
    {
        var table = new MemoryLedgerTable();
        var writer = await Sample.WriterAsync(table);
        await writer.AppendAsync(
            Sample.Records(Sample.Chain(A, [Sample.Decision(1), Sample.Decision(2), Sample.Outcome(3, Sample.Id(1)), Sample.Decision(4, allowed: false)])), default);
        var report = await VerifyAsync(table);
        Assert.Equal(0, report.ExitCode);
        Assert.Equal((4L, 3L, 1L, 1L), (report.Events, report.Decisions, report.Outcomes, report.Sources));
        Assert.Equal([Sample.Id(2)], report.OpenDecisions);
        Assert.Equal((Log, 5L, writer.Root), (report.Logs.Single().Name.ToString(), report.Logs[0].Size, report.Logs[0].Root));
        Assert.Contains("signed checkpoint", report.Limit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmptyTable_IsSound() => Assert.Equal(0, (await VerifyAsync(new MemoryLedgerTable())).ExitCode);

    [Fact]
    public async Task UnreadableTable_Is3()
    {
        var table = await LedgerAsync();
        var calls = table.Calls;
        table.Fault = (call, _) =>
        {
            if (call > calls + 4)
                throw new LedgerUnavailableException("down");
        };
        Assert.Equal(3, (await VerifyAsync(table)).ExitCode);
    }

    [Fact]
    public async Task AnyChangedByte_Is10_InEveryColumnOfEveryRow()
    {
        var table = await LedgerAsync();
        var mutations = 0;
        foreach (var row in table.Partitions[Log].Values.ToList())
        {
            foreach (var (name, value) in row.Columns)
            {
                foreach (var changed in Mutations(value))
                {
                    var report = await MutatedAsync(table, row, new Dictionary<string, object>(row.Columns) { [name] = changed });
                    Assert.True(report.ExitCode == 10, $"{row.RowKey} {name}: {report.ExitCode} {string.Join("; ", report.Findings.Take(1))}");
                    mutations++;
                }
            }
        }

        output.WriteLine($"{mutations} changed bytes (heavy: {Counts.Full})");
        Assert.True(mutations > 1000);
    }

    [Fact]
    public async Task AColumnTooMany_TooFewOrOfAnotherType_Is10()
    {
        var table = await LedgerAsync();
        foreach (var row in table.Partitions[Log].Values.ToList())
        {
            Assert.Equal(10, (await MutatedAsync(table, row, new Dictionary<string, object>(row.Columns) { ["extra"] = 1L })).ExitCode);
            foreach (var (name, value) in row.Columns)
            {
                var less = new Dictionary<string, object>(row.Columns);
                less.Remove(name);
                Assert.Equal(10, (await MutatedAsync(table, row, less)).ExitCode);
                object other = value is long number ? BitConverter.GetBytes(number) : Convert.ToBase64String((byte[])value);
                Assert.Equal(10, (await MutatedAsync(table, row, new Dictionary<string, object>(row.Columns) { [name] = other })).ExitCode);
            }
        }
    }

    [Fact]
    public async Task AMissingRow_Is11_WhicheverItIs()
    {
        var table = await LedgerAsync();
        foreach (var key in table.Partitions[Log].Keys.ToList())
        {
            var copy = table.Copy();
            copy.Partitions[Log].Remove(key);
            var report = await VerifyAsync(copy);
            Assert.True(report.ExitCode == 11, $"{key}: {report.ExitCode} {string.Join("; ", report.Findings.Take(1))}");
        }
    }

    [Fact]
    public async Task ExchangedRows_Are12_WhicheverTwo()
    {
        var table = await LedgerAsync();
        var events = table.Partitions[Log].Values.Where(r => r.RowKey[0] == 'e').ToList();
        for (var i = 1; i < events.Count; i++)
        {
            for (var j = i + 1; j < events.Count; j++)
            {
                var copy = table.Copy();
                copy.Partitions[Log][events[i].RowKey] = events[i] with { Columns = events[j].Columns };
                copy.Partitions[Log][events[j].RowKey] = events[j] with { Columns = events[i].Columns };
                var report = await VerifyAsync(copy);
                Assert.True(report.ExitCode == 12, $"{i} and {j}: {report.ExitCode} {string.Join("; ", report.Findings.Take(1))}");
            }
        }
    }

    [Fact]
    public async Task ExchangedBodies_OfOneSource_Are12()
    {
        var table = new MemoryLedgerTable();
        await (await Sample.WriterAsync(table)).AppendAsync(Sample.Records(Sample.Chain(A, Enumerable.Range(1, 6).Select(i => Sample.Outcome(i)))), default);
        var events = table.Partitions[Log].Values.Where(r => r.RowKey[0] == 'e').ToList();
        for (var i = 1; i < events.Count - 1; i++)
        {
            var copy = table.Copy();
            copy.Partitions[Log][events[i].RowKey] = Body(events[i], events[i + 1]);
            copy.Partitions[Log][events[i + 1].RowKey] = Body(events[i + 1], events[i]);
            Assert.Equal(12, (await VerifyAsync(copy)).ExitCode);
        }

        static LedgerRow Body(LedgerRow row, LedgerRow from) =>
            row with { Columns = new Dictionary<string, object>(row.Columns) { ["b0"] = from.Columns["b0"] } };
    }

    [Fact]
    public async Task ADuplicatedRow_IsFound_OverAnotherAndBehindTheEnd()
    {
        var table = await LedgerAsync();
        var rows = table.Partitions[Log].Values.Where(r => r.RowKey[0] == 'e').ToList();
        for (var i = 1; i < rows.Count - 1; i++)
        {
            var copy = table.Copy();
            copy.Partitions[Log][rows[i + 1].RowKey] = rows[i + 1] with { Columns = rows[i].Columns };
            var report = await VerifyAsync(copy);
            Assert.True(report.ExitCode == 12, $"{i}: {report.ExitCode} {string.Join("; ", report.Findings.Take(1))}");
        }

        var longer = table.Copy();
        var key = LedgerKeys.Event(rows.Count);
        longer.Partitions[Log][key] = rows[^1] with { RowKey = key };
        Assert.Equal(11, (await VerifyAsync(longer)).ExitCode);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("e")]
    [InlineData("e0000000000000000003x")]
    [InlineData("e9999999999999999999")]
    [InlineData("f")]
    [InlineData("z")]
    [InlineData("z0000000000000000000")]
    [InlineData("z9223372036854775807")]
    [InlineData("z9999999999999999999")]
    [InlineData("zz")]
    public async Task ARowUnderAKeyThatIsNeverWritten_IsFound(string key)
    {
        var table = await LedgerAsync();
        table.Partitions[Log][key] = table.Partitions[Log].Values.Last() with { RowKey = key };
        var report = await VerifyAsync(table);
        Assert.Contains(report.ExitCode, new[] { 10, 11 });
        Assert.Contains(report.Findings, f => f.RowKey == key);
    }

    [Fact]
    public async Task ACopiedOrRenamedLog_IsFound()
    {
        var table = await LedgerAsync();
        table.Partitions["audit-01-000000"] = table.Partitions[Log];
        Assert.Equal(12, (await VerifyAsync(table)).ExitCode);
        table.Partitions.Remove("audit-01-000000");
        table.Partitions["audit-00-000001"] = table.Partitions[Log];
        Assert.NotEqual(0, (await VerifyAsync(table)).ExitCode);
        table.Partitions.Remove(Log);
        Assert.Equal(11, (await VerifyAsync(table)).ExitCode);
        table.Partitions["Audit"] = table.Partitions["audit-00-000001"];
        table.Partitions.Remove("audit-00-000001");
        Assert.Equal(10, (await VerifyAsync(table)).ExitCode);
    }

    /// <summary>A thief of the storage account can make all hashes agree again; the counters of the sources still tell.</summary>
    [Fact]
    public async Task AHoleInASource_Is15_AlsoWhereEveryHashWasMadeToAgree()
    {
        var chain = Sample.Chain(A, Enumerable.Range(1, 10).Select(i => Sample.Outcome(i)));
        chain.RemoveAt(4);
        var table = new MemoryLedgerTable();
        var state = LogState.New(new LogName("audit", 0, 0), new WriterLeaf.Epoch(new LogName("audit", 0, 0), Sample.Stream, 0, 691_200, "opened", null, null));
        var commit = new CommitBuilder(state);
        commit.AddLeaf(state.Opening, -1);
        await table.InsertAsync(Log, commit.Seal(), default);
        commit = new CommitBuilder(state);
        foreach (var (body, i) in chain.Select((b, i) => (b, i)))
        {
            EventEnvelope.TryRead(body, out var envelope);
            var hash = MerkleHash.OfLeaf(body);
            state.Sources.Appended(envelope, hash, state.Tree.Size);
            commit.AddLeaf(body, hash, i);
            state.NextSequence = i + 1;
        }

        await table.InsertAsync(Log, commit.Seal(), default);
        var report = await VerifyAsync(table);
        Assert.Equal(15, report.ExitCode);
        Assert.Single(report.Findings);
    }

    [Fact]
    public async Task ACutTail_AgreesWithItself_AndTheReportSaysThatItCannotTell()
    {
        var table = await LedgerAsync();
        var rows = table.Partitions[Log];
        var heads = rows.Values.Where(r => r.RowKey[0] == 'z').Take(2).ToList();
        foreach (var key in rows.Keys.Where(k => k[0] == 'e').Skip((int)(long)heads[1].Columns["size"]).Append(heads[0].RowKey).ToList())
            rows.Remove(key);
        var report = await VerifyAsync(table);
        Assert.Equal(0, report.ExitCode);
        Assert.Contains("no tail was cut off", report.Limit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneFault_IsOneFinding_AndTheRestIsStillVerified()
    {
        var table = await LedgerAsync();
        var row = table.Partitions[Log].Values.Where(r => r.RowKey[0] == 'e').ElementAt(3);
        var body = ((byte[])row.Columns["b0"]).ToArray();
        body[^2] ^= 1;
        var report = await MutatedAsync(table, row, new Dictionary<string, object>(row.Columns) { ["b0"] = body });
        Assert.Single(report.Findings);
        Assert.Equal((await VerifyAsync(table)).Logs, report.Logs);
    }

    [Fact]
    public async Task WindowsOfLargeLedgers_LeaveNothingOut()
    {
        var table = new MemoryLedgerTable();
        var writer = await Sample.WriterAsync(table);
        var count = Counts.Full ? 100_000 : 20_000;
        var records = Sample.Records(Sample.Chain(A, Enumerable.Range(1, count).Select(i => Sample.Outcome(i))));
        await writer.AppendAsync(records, default);
        var report = await VerifyAsync(table);
        Assert.Equal((0, (long)count), (report.ExitCode, report.Events));
        foreach (var index in new[] { 8190, 8191, 8192, 16384, count })
        {
            var copy = table.Copy();
            copy.Partitions[Log].Remove(LedgerKeys.Event(index));
            Assert.Equal(11, (await VerifyAsync(copy)).ExitCode);
        }
    }

    /// <summary>A ledger with every kind of leaf, several sources, redelivered records and many commits.</summary>
    private static async Task<MemoryLedgerTable> LedgerAsync()
    {
        var a = Sample.Chain(A, [Sample.Decision(1), Sample.Outcome(2, Sample.Id(1)), Sample.Decision(3), Sample.Outcome(4), Sample.Outcome(5)]);
        var b = Sample.Chain(B, [Sample.Outcome(11), Sample.Outcome(12), Sample.Outcome(13)]);
        var twin = Sample.Encode(A, 1, null, Sample.Outcome(77));
        var table = new MemoryLedgerTable();
        var writer = await Sample.WriterAsync(table);
        await writer.AppendAsync(Sample.Records([a[0], b[0]]), default);
        await writer.AppendAsync(Sample.Records([a[1], a[1], a[0], b[1], "garbage"u8.ToArray()], 2), default);
        await writer.AppendAsync(Sample.Records([twin, a[2]], 7), default);
        await writer.AppendAsync(Sample.Records([a[3], b[2]], 12), default);
        await writer.AppendAsync(Sample.Records([a[4]], 14), default);
        return table;
    }

    private static IEnumerable<object> Mutations(object value)
    {
        if (value is long number)
        {
            for (var bit = 0; bit < 64; bit += 7)
                yield return number ^ (1L << bit);
            yield break;
        }

        var bytes = (byte[])value;
        for (var i = 0; i < bytes.Length; i++)
        {
            for (var bit = i % 8; bit < 8; bit += Counts.Full ? 1 : 8)
            {
                var changed = bytes.ToArray();
                changed[i] ^= (byte)(1 << bit);
                yield return changed;
            }
        }

        yield return bytes[..^1];
        yield return (byte[])[.. bytes, 0];
    }

    private static Task<VerificationReport> MutatedAsync(MemoryLedgerTable table, LedgerRow row, Dictionary<string, object> columns)
    {
        var copy = table.Copy();
        copy.Partitions[row.PartitionKey][row.RowKey] = row with { Columns = columns };
        return VerifyAsync(copy);
    }

    private static Task<VerificationReport> VerifyAsync(MemoryLedgerTable table) =>
        new LedgerVerifier(table).VerifyAsync(new VerificationOptions { Patience = TimeSpan.Zero }, default);
}
