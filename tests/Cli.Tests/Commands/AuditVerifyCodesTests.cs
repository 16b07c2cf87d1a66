using Proofgate.Cli.Tests.Support;
using Proofgate.Support;
using Proofgate.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

/// <summary>The codes that <c>audit verify</c> ends with on the table, beside those in <see cref="AuditVerifyTests"/>.</summary>
public sealed class AuditVerifyCodesTests : IDisposable
{
    private readonly Workplace _workplace = new();

    public AuditVerifyCodesTests() => _workplace.Variables["LEDGER"] = "UseDevelopmentStorage=true";

    public void Dispose() => _workplace.Dispose();

    [Fact]
    public async Task Verify_EndsWith12_WhenTwoEventsHaveChangedPlaces()
    {
        var (table, _) = await RecordedLedger.MakeAsync(_workplace.Folder);
        var rows = table.Rows.Where(static row => row.RowKey[0] == 'e').Skip(5).Take(2).ToList();
        table.Replace(rows[0], "b0", rows[1].Columns["b0"]);
        table.Replace(rows[1], "b0", rows[0].Columns["b0"]);
        _workplace.OpenLedger = _ => table;

        var run = await _workplace.RunAsync("audit", "verify", "--storage", "LEDGER", "--json");

        Assert.Equal(12, run.Exit);
        Assert.Equal("reordered_or_duplicated", run.Json.GetProperty("result").GetString());
    }

    [Fact]
    public async Task Verify_EndsWith15_WhenAHoleHasNoGapLeaf_ThoughEveryHashAgrees()
    {
        using var folder = new TemporaryFolder();
        using var recorded = await RecordedEvidence.MakeAsync(folder.Path, 10, "acme");
        var holed = await recorded.WithoutOneEventAsync(Path.Combine(folder.Path, "holed"));
        _workplace.OpenLedger = _ => holed.Table;

        var run = await _workplace.RunAsync("audit", "verify", "--storage", "LEDGER", "--json");

        Assert.Equal(15, run.Exit);
        Assert.Equal("hole_without_gap", run.Json.GetProperty("result").GetString());
    }

    [Theory]
    [InlineData(0, "developers")]
    [InlineData(16, "others")]
    public async Task Verify_EndsWith16_WhenADecisionIsAnotherOne_ThatIsMadeAgain(int code, string policy)
    {
        BundleFiles.Write(_workplace);
        using var checking = new StringWriter();
        Assert.Equal(0, await CommandLine.RunAsync(["policy", "check", "bundle", "--json"], _workplace.Host(checking), CancellationToken.None));
        var recorded = new RecordedDecisions { PolicyDigest = System.Text.Json.JsonElement.Parse(checking.ToString()).GetProperty("digest").GetString()! };
        await recorded.AddAsync(_workplace.Folder, ("dana", "developer", true, [policy]));
        _workplace.OpenLedger = _ => recorded.Table;
        _workplace.OpenSubjectKeys = _ => recorded.Keys;
        _workplace.Variables["MASTER"] = RecordedDecisions.Master;

        var run = await _workplace.RunAsync("audit", "verify", "--storage", "LEDGER", "--bundle", "bundle", "--master", "MASTER", "--json");

        Assert.True(run.Exit == code, run.Out + run.Error);
        Assert.Equal(code == 0 ? 1 : 0, run.Json.GetProperty("decidedAgain").GetProperty("same").GetInt32());
    }

    /// <summary>A deployment has people's data keys in another account than the log.</summary>
    [Fact]
    public async Task Verify_OpensTheDataKeys_WhereTheirOwnOptionSays()
    {
        BundleFiles.Write(_workplace);
        var recorded = new RecordedDecisions();
        await recorded.AddAsync(_workplace.Folder, ("dana", "developer", true, ["developers"]));
        _workplace.OpenLedger = _ => recorded.Table;
        var opened = new List<string>();
        _workplace.OpenSubjectKeys = place =>
        {
            opened.Add(place.Named);
            return recorded.Keys;
        };
        _workplace.Variables["MASTER"] = RecordedDecisions.Master;
        string[] common = ["audit", "verify", "--storage", "LEDGER", "--bundle", "bundle", "--master", "MASTER", "--json"];

        Assert.Equal(0, (await _workplace.RunAsync(common)).Exit);
        Assert.Equal(0, (await _workplace.RunAsync([.. common, "--keys-endpoint", "https://keys.table.core.windows.net"])).Exit);

        Assert.Equal(["the storage of LEDGER", "https://keys.table.core.windows.net/"], opened);
    }

    /// <summary>Rows of one record without their commit row: a writer that was stopped, or a row that is gone, once the patience has passed.</summary>
    [Fact]
    public async Task Verify_EndsWith11_WhenTheNewestCommitRowIsMissing()
    {
        using var workplace = new Workplace { Time = new SteppedTime() };
        workplace.Variables["LEDGER"] = "UseDevelopmentStorage=true";
        var (table, _) = await RecordedLedger.MakeAsync(workplace.Folder);
        table.Remove(table.Rows.First(static row => row.RowKey[0] == 'z'));
        workplace.OpenLedger = _ => table;

        var running = workplace.RunAsync("audit", "verify", "--storage", "LEDGER", "--json");
        await ((SteppedTime)workplace.Time).DriveAsync(running, TimeSpan.FromSeconds(30));

        Assert.Equal(11, (await running).Exit);
    }
}
