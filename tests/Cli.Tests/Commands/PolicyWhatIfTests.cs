using Proofgate.Audit;
using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

public sealed class PolicyWhatIfTests
{
    private const string Stricter = """
        @id("developers") permit (principal == Proofgate::User::"dana", action == Proofgate::Action::"infer", resource == Proofgate::Model::"assistant");
        """;

    [Fact]
    public async Task WhatIf_EndsWith0_WhenTheCandidateDecidesTheSame()
    {
        using var workplace = new Workplace();
        await LedgerAsync(workplace);
        BundleFiles.Write(workplace);

        var run = await workplace.RunAsync("policy", "whatif", "bundle", "--storage", "LEDGER", "--master", "MASTER", "--json");

        Assert.Equal(0, run.Exit);
        Assert.Equal((3, 3, 0, 0), Counts(run));
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task WhatIf_ListsEachDecisionThatWouldChange()
    {
        using var workplace = new Workplace();
        var ids = await LedgerAsync(workplace);
        BundleFiles.Write(workplace, policies: Stricter, tests: null);

        var run = await workplace.RunAsync("policy", "whatif", "bundle", "--storage", "LEDGER", "--master", "MASTER", "--json");

        Assert.Equal(22, run.Exit);
        Assert.Equal((3, 2, 1, 0), Counts(run));
        Assert.Equal(1, run.Json.GetProperty("reversed").GetInt32());
        var change = Assert.Single(run.Json.GetProperty("changed").EnumerateArray());
        Assert.Equal(ids[1], change.GetProperty("auditId").GetString());
        Assert.True(change.GetProperty("before").GetProperty("allowed").GetBoolean());
        Assert.False(change.GetProperty("after").GetProperty("allowed").GetBoolean());
        Assert.DoesNotContain("erin", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIf_PrintsAReportThatCanBeRead_AndNobodysName()
    {
        using var workplace = new Workplace();
        var ids = await LedgerAsync(workplace);
        BundleFiles.Write(workplace, policies: Stricter, tests: null);

        var run = await workplace.RunAsync("policy", "whatif", "bundle", "--storage", "LEDGER", "--master", "MASTER");

        Assert.Contains(ids[1], run.Out, StringComparison.Ordinal);
        Assert.Contains("3 decisions in the storage of LEDGER: 2 stay the same under bundle, 1 change (1 of them from allowed to denied or back).", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("erin", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhatIf_CountsWhatItCannotOpen(bool erased)
    {
        using var workplace = new Workplace();
        var ledger = new RecordedDecisions();
        await LedgerAsync(workplace, ledger);
        BundleFiles.Write(workplace);
        if (erased)
        {
            ledger.EraseEverybody();
        }
        else
        {
            workplace.Variables["MASTER"] = Convert.ToBase64String(new byte[32]);
        }

        var run = await workplace.RunAsync("policy", "whatif", "bundle", "--storage", "LEDGER", "--master", "MASTER", "--json");

        Assert.Equal(0, run.Exit);
        Assert.Equal((3, 0, 0, 3), Counts(run));
    }

    /// <summary>A log is longer than memory: each decision is made while the rows behind it are still to be read.</summary>
    [Fact]
    public async Task WhatIf_ReadsOn_AsItDecides()
    {
        using var workplace = new Workplace();
        var ledger = new RecordedDecisions();
        await LedgerAsync(workplace, ledger);
        BundleFiles.Write(workplace);
        var order = new List<string>();
        workplace.OpenLedger = _ => new WatchedLedger(ledger.Table, order);
        workplace.OpenSubjectKeys = _ => new WatchedKeys(ledger.Keys, order);

        var run = await workplace.RunAsync("policy", "whatif", "bundle", "--storage", "LEDGER", "--master", "MASTER", "--json");

        Assert.Equal((3, 3, 0, 0), Counts(run));
        Assert.Equal(3, order.Count(static step => step == "key"));
        for (var (step, last) = (0, "row"); step < order.Count; last = order[step++])
        {
            Assert.True(order[step] != "key" || last == "row");
        }

        Assert.True(order.IndexOf("key") < order.LastIndexOf("row"));
    }

    [Theory]
    [InlineData("master_unknown", "--storage", "LEDGER")]
    [InlineData("master_unknown", "--storage", "LEDGER", "--master", "NOTHING")]
    [InlineData("master_malformed", "--storage", "LEDGER", "--master", "LEDGER")]
    [InlineData("ledger_unknown")]
    public async Task WhatIf_SaysWhatItNeeds(string code, params string[] options)
    {
        using var workplace = new Workplace();
        await LedgerAsync(workplace);
        BundleFiles.Write(workplace);

        var run = await workplace.RunAsync(["policy", "whatif", "bundle", .. options, "--json"]);

        Assert.Equal(2, run.Exit);
        Assert.Equal(code, run.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task WhatIf_UsesTheSecretsOfTheLocalRun()
    {
        using var workplace = new Workplace();
        await LedgerAsync(workplace);
        BundleFiles.Write(workplace);
        workplace.WriteState("http://127.0.0.1:1");
        workplace.Write(".proofgate/secrets.json", $$"""{"ApiKeyPepper:1":"x","AuditMaster":"{{RecordedDecisions.Master}}"}""");

        var run = await workplace.RunAsync("policy", "whatif", "bundle", "--json");

        Assert.Equal((3, 3, 0, 0), Counts(run));
        Assert.DoesNotContain(RecordedDecisions.Master, run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_ReadsARecordedDecision()
    {
        using var workplace = new Workplace();
        var ids = await LedgerAsync(workplace);
        BundleFiles.Write(workplace, policies: Stricter, tests: null);

        var run = await workplace.RunAsync("policy", "explain", "bundle", "--audit-id", ids[1], "--storage", "LEDGER", "--master", "MASTER");

        Assert.Equal(0, run.Exit);
        Assert.Contains("denied by no policy", run.Out, StringComparison.Ordinal);
        Assert.Contains("asks for principal == Proofgate::User::\"dana\"; here it is Proofgate::User::\"erin\"", run.Out, StringComparison.Ordinal);

        using var again = new Workplace { OpenLedger = workplace.OpenLedger, OpenSubjectKeys = workplace.OpenSubjectKeys };
        again.Variables["LEDGER"] = again.Variables["MASTER"] = RecordedDecisions.Master;
        BundleFiles.Write(again);
        run = await again.RunAsync("policy", "explain", "bundle", "--audit-id", Guid.NewGuid().ToString(), "--storage", "LEDGER", "--master", "MASTER", "--json");
        Assert.Equal(3, run.Exit);
        Assert.Equal("decision_unknown", run.Json.GetProperty("error").GetProperty("code").GetString());
    }

    private static async Task<IReadOnlyList<string>> LedgerAsync(Workplace workplace, RecordedDecisions? ledger = null)
    {
        ledger ??= new RecordedDecisions();
        workplace.Variables["LEDGER"] = "connection";
        workplace.Variables["MASTER"] = RecordedDecisions.Master;
        workplace.OpenLedger = _ => ledger.Table;
        workplace.OpenSubjectKeys = _ => ledger.Keys;
        return await ledger.AddAsync(
            workplace.Folder, ("dana", "developer", true, ["developers"]), ("erin", "developer", true, ["developers"]), ("sam", "guest", false, []));
    }

    private sealed class WatchedLedger(MemoryLedger inner, List<string> order) : ILedgerTable
    {
        public Task<LedgerInsert> InsertAsync(string partitionKey, IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken) => throw new NotSupportedException();

        public async IAsyncEnumerable<LedgerRow> ReadAsync(
            string partitionKey, string fromRowKey, string beforeRowKey, int? atMost, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await foreach (var row in inner.ReadAsync(partitionKey, fromRowKey, beforeRowKey, atMost, cancellationToken))
            {
                order.Add("row");
                yield return row;
            }
        }

        public Task<string?> NextPartitionAsync(string after, CancellationToken cancellationToken) => inner.NextPartitionAsync(after, cancellationToken);
    }

    private sealed class WatchedKeys(MemorySubjectKeys inner, List<string> order) : ISubjectKeyStore
    {
        public Task<SubjectKeyRecord?> FindAsync(string lookup, CancellationToken cancellationToken)
        {
            order.Add("key");
            return inner.FindAsync(lookup, cancellationToken);
        }

        public Task<bool> TryInsertAsync(SubjectKeyRecord record, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(string lookup, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private static (int Decisions, int Same, int Changed, int Sealed) Counts(CliRun run) => (
        run.Json.GetProperty("decisions").GetInt32(), run.Json.GetProperty("same").GetInt32(), run.Json.GetProperty("changedCount").GetInt32(),
        run.Json.GetProperty("sealed").GetInt32());
}
