using Proofgate.Audit;
using Proofgate.AzureStores;
using Proofgate.Cli.Ledger;
using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

public sealed class AuditVerifyTests
{
    private const string Connection =
        "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=c2VjcmV0LWFjY291bnQta2V5;TableEndpoint=http://127.0.0.1:1/devstoreaccount1;";

    [Fact]
    public async Task Verify_EndsWith0AndListsTheOpenDecision_WhenTheLogIsSound()
    {
        using var workplace = NewWorkplace();
        var (table, open) = await RecordedLedger.MakeAsync(workplace.Folder);
        workplace.OpenLedger = _ => table;

        var run = await workplace.RunAsync("audit", "verify", "--storage", "LEDGER", "--json");

        Assert.Equal(0, run.Exit);
        Assert.True(run.Json.GetProperty("sound").GetBoolean());
        Assert.Equal("sound", run.Json.GetProperty("result").GetString());
        Assert.Equal(RecordedLedger.Calls + 1, run.Json.GetProperty("decisions").GetInt32());
        Assert.Equal(RecordedLedger.Calls, run.Json.GetProperty("outcomes").GetInt32());
        Assert.Equal(open.ToString(), Assert.Single(run.Json.GetProperty("openDecisions").EnumerateArray()).GetString());
        var log = Assert.Single(run.Json.GetProperty("logs").EnumerateArray());
        Assert.Equal(("test", 0, 0), (log.GetProperty("hub").GetString(), log.GetProperty("partition").GetInt32(), log.GetProperty("epoch").GetInt32()));
        Assert.Matches("^[0-9a-f]{64}$", log.GetProperty("root").GetString());
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Verify_PrintsAReportThatCanBeRead()
    {
        using var workplace = NewWorkplace();
        var (table, open) = await RecordedLedger.MakeAsync(workplace.Folder);
        workplace.OpenLedger = _ => table;

        var run = await workplace.RunAsync("audit", "verify", "--storage", "LEDGER");

        Assert.Equal(0, run.Exit);
        Assert.Contains("Audit log in the storage of LEDGER", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"test 0\s+0\s+\d+\s+[0-9a-f]{64}\s+open", run.Out);
        Assert.Contains($"{RecordedLedger.Calls + 1} decisions, {RecordedLedger.Calls} outcomes, 1 decisions still open", run.Out, StringComparison.Ordinal);
        Assert.Contains(open.ToString(), run.Out, StringComparison.Ordinal);
        Assert.Contains("Sound: ", run.Out, StringComparison.Ordinal);
        Assert.Contains("signed checkpoint", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
    }

    [Fact]
    public async Task Verify_EndsWith10AndThePlace_WhenOneByteOfAnEventIsChanged()
    {
        using var workplace = NewWorkplace();
        var (table, _) = await RecordedLedger.MakeAsync(workplace.Folder);
        var row = table.Rows.First(static row => row.RowKey.EndsWith("0007", StringComparison.Ordinal) && row.RowKey[0] == 'e');
        var body = (byte[])((byte[])row.Columns["b0"]).Clone();
        body[^2] ^= 1;
        table.Replace(row, "b0", body);
        workplace.OpenLedger = _ => table;

        var run = await workplace.RunAsync("audit", "verify", "--storage", "LEDGER", "--json");

        Assert.Equal(10, run.Exit);
        Assert.False(run.Json.GetProperty("sound").GetBoolean());
        Assert.Equal(10, run.Json.GetProperty("exitCode").GetInt32());
        var finding = run.Json.GetProperty("findings")[0];
        Assert.Equal("bytes_changed", finding.GetProperty("kind").GetString());
        Assert.Equal(row.PartitionKey, finding.GetProperty("log").GetString());
    }

    [Fact]
    public async Task Verify_EndsWith11_WhenAnEventIsMissing()
    {
        using var workplace = NewWorkplace();
        var (table, _) = await RecordedLedger.MakeAsync(workplace.Folder);
        var row = table.Rows.First(static row => row.RowKey.EndsWith("0007", StringComparison.Ordinal) && row.RowKey[0] == 'e');
        table.Remove(row);
        workplace.OpenLedger = _ => table;

        var run = await workplace.RunAsync("audit", "verify", "--storage", "LEDGER");

        Assert.Equal(11, run.Exit);
        Assert.Contains("Not sound: missing (exit code 11)", run.Out, StringComparison.Ordinal);
        Assert.Contains(row.PartitionKey, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_FindsEveryMutation_WhicheverColumnItIsIn()
    {
        using var workplace = NewWorkplace();
        var (sound, _) = await RecordedLedger.MakeAsync(workplace.Folder);
        var mutations = 0;
        foreach (var row in sound.Rows.Where(static (_, index) => index % 7 == 0))
        {
            foreach (var (column, value) in row.Columns)
            {
                var table = new MemoryLedger();
                await table.InsertAsync(row.PartitionKey, sound.Rows, CancellationToken.None);
                table.Replace(row, column, Changed(value));

                using var again = NewWorkplace();
                again.OpenLedger = _ => table;
                var run = await again.RunAsync("audit", "verify", "--storage", "LEDGER", "--json");

                Assert.True(run.Exit >= 10, $"{row.RowKey} {column}: {run.Out}");
                mutations++;
            }
        }

        Assert.True(mutations > 10);
    }

    [Fact]
    public async Task Verify_SaysThatItIsEmpty_WhenNothingIsThere()
    {
        using var workplace = NewWorkplace();
        workplace.OpenLedger = static _ => new MemoryLedger();

        var run = await workplace.RunAsync("audit", "verify", "--storage", "LEDGER");

        Assert.Equal(0, run.Exit);
        Assert.Contains("Sound, and empty", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_GoesOnAndFindsTheRow_WhenAColumnHasATypeThatIsNeverStored()
    {
        using var workplace = NewWorkplace();
        var (table, _) = await RecordedLedger.MakeAsync(workplace.Folder);
        var broken = table.Rows.Where(static row => row.RowKey[0] == 'e').ElementAt(5);
        workplace.OpenLedger = _ => new ForgivingLedger(new MistypedRow(table, broken.RowKey));

        var run = await workplace.RunAsync("audit", "verify", "--storage", "LEDGER", "--json");

        Assert.Equal(10, run.Exit);
        Assert.Contains(run.Json.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("row").GetString() == broken.RowKey);
        Assert.Equal(table.Rows.Count(static row => row.RowKey[0] == 'e'), run.Json.GetProperty("logs")[0].GetProperty("size").GetInt32());
    }

    [Fact]
    public async Task Verify_EndsWith0_WhenTheLogGrowsMeanwhile()
    {
        using var workplace = NewWorkplace();
        var (whole, _) = await RecordedLedger.MakeAsync(workplace.Folder);
        workplace.OpenLedger = _ => new GrowingLedger(whole);

        var run = await workplace.RunAsync("audit", "verify", "--storage", "LEDGER", "--json");

        Assert.True(run.Exit == 0, run.Out);
    }

    [Fact]
    public async Task Verify_EndsWith3_WhenTheStorageIsOutOfReach()
    {
        using var workplace = NewWorkplace();
        workplace.OpenLedger = static _ => new AbsentLedger();

        var run = await workplace.RunAsync("audit", "verify", "--storage", "LEDGER");

        Assert.Equal(3, run.Exit);
        Assert.Contains("Not verified", run.Out, StringComparison.Ordinal);
        Assert.Contains("no connection", run.Out, StringComparison.Ordinal);
        Assert.StartsWith("proofgate: the audit log could not be read", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ReadsTheLocalRunsStorage_WhenNoneIsNamed()
    {
        using var workplace = new Workplace();
        workplace.WriteState("http://127.0.0.1:1");
        LedgerPlace? opened = null;
        workplace.OpenLedger = place =>
        {
            opened = place;
            return new AbsentLedger();
        };

        var run = await workplace.RunAsync("audit", "verify");

        Assert.Equal("UseDevelopmentStorage=true", Assert.IsType<LedgerPlace.WithKey>(opened).ConnectionString);
        Assert.Contains("dotnet run --project functions/SelfHost", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ReadsWithItsOwnIdentity_FromAnEndpoint()
    {
        using var workplace = new Workplace();
        LedgerPlace? opened = null;
        workplace.OpenLedger = place =>
        {
            opened = place;
            return new MemoryLedger();
        };

        await workplace.RunAsync("audit", "verify", "--table-endpoint", "https://ledger.table.core.windows.net");

        Assert.Equal(new Uri("https://ledger.table.core.windows.net"), Assert.IsType<LedgerPlace.WithIdentity>(opened).Endpoint);
    }

    [Theory]
    [InlineData("--storage", "NOT_SET")]
    [InlineData("--storage", Connection)]
    [InlineData("--storage", "NONSENSE")]
    [InlineData("--table-endpoint", "http://ledger.table.core.windows.net")]
    [InlineData("--table-endpoint", "https://ledger.table.core.windows.net/?sig=c2VjcmV0LWFjY291bnQta2V5")]
    [InlineData("--table-endpoint", "ledger")]
    public async Task Verify_IsAUsageErrorThatRepeatsNoSecret_WhenThePlaceIsNone(string option, string value)
    {
        using var workplace = new Workplace();
        workplace.Variables["NONSENSE"] = "AccountKey=c2VjcmV0LWFjY291bnQta2V5";

        var run = await workplace.RunAsync("audit", "verify", option, value);

        Assert.Equal(2, run.Exit);
        Assert.DoesNotContain("c2VjcmV0LWFjY291bnQta2V5", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_IsAUsageError_WhenNoLogIsKnown()
    {
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("audit", "verify");

        Assert.Equal(2, run.Exit);
        Assert.Contains("--storage", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void StoredLedger_Opens_FromEitherKindOfPlace(bool withKey)
    {
        LedgerPlace place = withKey ? new LedgerPlace.WithKey(Connection, "here") : new LedgerPlace.WithIdentity(new Uri("https://ledger.table.core.windows.net"));

        Assert.NotNull(StoredLedger.Open(place));
        Assert.DoesNotContain("c2VjcmV0", place.ToString(), StringComparison.Ordinal);
    }

    private static object Changed(object value) => value switch
    {
        long number => number + 1,
        byte[] { Length: > 0 } bytes => (byte[])[.. bytes[..^1], (byte)(bytes[^1] ^ 1)],
        byte[] => (byte[])[0],
        _ => value + "x",
    };

    private static Workplace NewWorkplace()
    {
        var workplace = new Workplace();
        workplace.Variables["LEDGER"] = Connection;
        return workplace;
    }

    private sealed class AbsentLedger : ILedgerTable
    {
        public Task<LedgerInsert> InsertAsync(string partitionKey, IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken) => throw Absent();

        public IAsyncEnumerable<LedgerRow> ReadAsync(string partitionKey, string fromRowKey, string beforeRowKey, int? atMost, CancellationToken cancellationToken) =>
            throw Absent();

        public Task<string?> NextPartitionAsync(string after, CancellationToken cancellationToken) => throw Absent();

        private static LedgerUnavailableException Absent() => new("Table 'Audit' could not be read from: no connection.");
    }

    /// <summary>The newest transaction commits just after the head has been read.</summary>
    private sealed class GrowingLedger(MemoryLedger inner) : ILedgerTable
    {
        private readonly LedgerRow[] _commits = [.. inner.Rows.Where(static row => row.RowKey[0] == 'z')];
        private bool _grown;

        public Task<LedgerInsert> InsertAsync(string partitionKey, IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public async IAsyncEnumerable<LedgerRow> ReadAsync(
            string partitionKey, string fromRowKey, string beforeRowKey, int? atMost,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Assert.True(_commits.Length > 1);
            var size = (long)_commits[1].Columns["size"];
            await foreach (var row in inner.ReadAsync(partitionKey, fromRowKey, beforeRowKey, atMost, cancellationToken))
            {
                var isNew = row.RowKey == _commits[0].RowKey || (row.RowKey[0] == 'e' && long.Parse(row.RowKey.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture) >= size);
                if (_grown || !isNew)
                {
                    yield return row;
                }
            }

            _grown |= fromRowKey.StartsWith("e0", StringComparison.Ordinal) && atMost is null;
        }

        public Task<string?> NextPartitionAsync(string after, CancellationToken cancellationToken) => inner.NextPartitionAsync(after, cancellationToken);
    }

    /// <summary>Gives up at one row, as the stored ledger does where a column has a foreign type.</summary>
    private sealed class MistypedRow(MemoryLedger inner, string rowKey) : ILedgerTable
    {
        public Task<LedgerInsert> InsertAsync(string partitionKey, IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public async IAsyncEnumerable<LedgerRow> ReadAsync(
            string partitionKey, string fromRowKey, string beforeRowKey, int? atMost,
            [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var row in inner.ReadAsync(partitionKey, fromRowKey, beforeRowKey, atMost, cancellationToken))
            {
                yield return row.RowKey == rowKey
                    ? throw new MalformedRowException("Audit", partitionKey, rowKey, "column 'b0' is of a type that the ledger never stores")
                    : row;
            }
        }

        public Task<string?> NextPartitionAsync(string after, CancellationToken cancellationToken) => inner.NextPartitionAsync(after, cancellationToken);
    }
}
