using System.Text.Json;
using Azure.Storage.Blobs;
using Proofgate.Audit;
using Proofgate.AzureStores;
using Proofgate.Cli.Tests.Support;
using Proofgate.Policy.Bundles;
using Proofgate.Support;
using Proofgate.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

/// <summary>Decisions are made again from the signed files as from the table: in a folder, of what a gateway serves, in a container (ledger.md, exit code 16).</summary>
public sealed class AuditEvidenceDecisionsTests(EvidenceBench bench) : IClassFixture<EvidenceBench>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Workplace _workplace = new() { Time = new SteppedTime() };

    public void Dispose()
    {
        _workplace.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("gateway")]
    [InlineData("container")]
    public async Task Verify_EndsWith0_WhenEveryDecisionIsTheRecordedOne(string place)
    {
        var (recorded, _) = await RecordAsync();
        using var evidence = recorded;

        var run = await bench.RunAsync(evidence, _workplace, place, evidence.Folder, "audit", "verify", "--bundle", "bundle", "--master", "MASTER", "--storage", "KEYS");

        Assert.True(run.Exit == 0, run.Out + run.Error);
        Assert.Equal((3, 0, 0, 0), Counts(run));
        Assert.Equal("connection of the keys", _opened);
        Assert.DoesNotContain(RecordedDecisions.Master, run.Out + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("gateway")]
    [InlineData("container")]
    public async Task Verify_EndsWith16_WhenTheOperatorHasRewrittenADecisionAndSignedAllOfItAgain(string place)
    {
        var (recorded, ids) = await RecordAsync();
        using var evidence = recorded;
        var rewritten = await evidence.RewrittenAsync(Path.Combine(_folder.Path, "rewritten"), ids[0], "[\"developers\"]", "[\"labels\"]");

        var sound = await bench.RunAsync(rewritten, _workplace, place, rewritten.Folder, "audit", "verify");
        Assert.True(sound.Exit == 0, sound.Out + sound.Error);
        Assert.False(sound.Json.GetProperty("verification").TryGetProperty("decidedAgain", out _));

        using var again = new Workplace { Time = new SteppedTime() };
        Prepare(again, _keys!);
        var run = await bench.RunAsync(rewritten, again, place, rewritten.Folder, "audit", "verify", "--bundle", "bundle", "--master", "MASTER", "--keys-storage", "KEYS");

        Assert.True(run.Exit == 16, run.Out + run.Error);
        Assert.Equal((2, 1, 0, 0), Counts(run));
        var verification = run.Json.GetProperty("verification");
        Assert.Equal(("decision_differs", false), (verification.GetProperty("result").GetString(), verification.GetProperty("sound").GetBoolean()));
        var finding = Assert.Single(verification.GetProperty("findings").EnumerateArray());
        Assert.Contains(ids[0], finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("dana", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("gateway")]
    [InlineData("container")]
    public async Task Verify_CountsWhatCannotBeDecidedAgain(string place)
    {
        var (recorded, _) = await RecordAsync();
        using var evidence = recorded;
        BundleFiles.Write(_workplace, "other", policies: "@id(\"developers\") permit (principal, action, resource);", tests: null);

        var other = await bench.RunAsync(evidence, _workplace, place, evidence.Folder, "audit", "verify", "--bundle", "other", "--master", "MASTER", "--storage", "KEYS");
        Assert.Equal((0, 0, 0, 3), Counts(other));
        Assert.Equal(0, other.Exit);

        _keys!.Clear();
        using var again = new Workplace { Time = new SteppedTime() };
        Prepare(again, _keys);
        var erased = await bench.RunAsync(evidence, again, place, evidence.Folder, "audit", "verify", "--bundle", "bundle", "--master", "MASTER", "--storage", "KEYS");
        Assert.Equal((0, 0, 3, 0), Counts(erased));
        Assert.Equal(0, erased.Exit);
    }

    [Fact]
    public async Task Verify_TakesBundlesFromTheContainerOfActivatedOnes()
    {
        var (recorded, _) = await RecordAsync();
        using var evidence = recorded;
        Assert.True(BundleFolder.TryRead(Path.Combine(_workplace.Folder, "bundle"), out var files, out _));
        Assert.True(BundlePack.TryWrite(files, out var pack, out _));
        var container = new BlobContainerClient(bench.Storage, "policies");
        await container.CreateIfNotExistsAsync();
        var blob = container.GetBlobClient(BundlePack.DigestOf(files));
        await blob.UploadAsync(new BinaryData(pack), overwrite: true);
        _workplace.Variables["STORE"] = bench.Storage;

        var run = await bench.RunAsync(evidence, _workplace, "folder", evidence.Folder, "audit", "verify", "--bundle-store", "STORE/policies", "--master", "MASTER", "--storage", "KEYS");
        Assert.True(run.Exit == 0, run.Out + run.Error);
        Assert.Equal((3, 0, 0, 0), Counts(run));

        // A pack that is not what its name says decides nothing.
        pack[^1] ^= 1;
        await blob.UploadAsync(new BinaryData(pack), overwrite: true);
        using var again = new Workplace { Time = new SteppedTime() };
        Prepare(again, _keys!);
        again.Variables["STORE"] = bench.Storage;
        run = await bench.RunAsync(evidence, again, "folder", evidence.Folder, "audit", "verify", "--bundle-store", "STORE/policies", "--master", "MASTER", "--storage", "KEYS");
        Assert.Equal((0, 0, 0, 3), Counts(run));
    }

    [Theory]
    [InlineData("folder", true)]
    [InlineData("gateway", true)]
    [InlineData("gateway", false)]
    public async Task Verify_ByAddress_NeedsTheRightToReadEntries(string place, bool mayRead)
    {
        var (recorded, _) = await RecordAsync();
        using var evidence = recorded;
        if (!mayRead)
        {
            _workplace.Variables["PROOFGATE_KEY"] = "pgk_test_BBBBBBBB_thisIsAnotherCallersSecretKey";
        }

        var run = await bench.RunAsync(evidence, _workplace, place, evidence.Folder, "audit", "verify", "--bundle", "bundle", "--master", "MASTER", "--storage", "KEYS");

        Assert.Equal(mayRead ? 0 : 3, run.Exit);
    }

    [Theory]
    [InlineData(3, "keys_unreachable", "--bundle", "bundle", "--master", "MASTER", "--storage", "KEYS")]
    [InlineData(2, "master_unknown", "--bundle", "bundle", "--storage", "KEYS")]
    [InlineData(2, "master_unknown", "--keys-endpoint", "https://keys.table.core.windows.net", "--bundle", "bundle")]
    [InlineData(2, "ledger_unknown", "--bundle", "bundle", "--master", "MASTER")]
    [InlineData(2, "storage_variable", "--bundle", "bundle", "--master", "MASTER", "--keys-storage", "AccountKey=c2VjcmV0")]
    [InlineData(2, "bundle_store", "--bundle-store", "AccountKey=c2VjcmV0", "--master", "MASTER", "--storage", "KEYS")]
    [InlineData(2, "bundle_store", "--bundle-store", "https://account.blob.core.windows.net/policies?sig=c2VjcmV0", "--master", "MASTER", "--storage", "KEYS")]
    [InlineData(2, "storage_variable", "--bundle-store", "NOT_SET/policies", "--master", "MASTER", "--storage", "KEYS")]
    public async Task Verify_SaysWhatItNeedsToDecideAgain(int exit, string code, params string[] options)
    {
        var (recorded, _) = await RecordAsync();
        using var evidence = recorded;
        _workplace.OpenSubjectKeys = static _ => new AbsentKeys();

        var run = await bench.RunAsync(evidence, _workplace, "folder", evidence.Folder, ["audit", "verify", .. options]);

        Assert.Equal(exit, run.Exit);
        Assert.Equal(code, run.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.DoesNotContain("c2VjcmV0", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Verify_OfTheLocalRunsEvidence_DecidesAgainByItself_WhereItsKeysAreThere(bool isRunning)
    {
        var (recorded, _) = await RecordAsync();
        using var evidence = recorded;
        _workplace.Write(
            ".proofgate/state.json",
            $$"""{"version":1,"gateway":"http://127.0.0.1:1","processId":1,"storage":{"connectionString":"UseDevelopmentStorage=true"},"hub":"test","evidence":{{JsonSerializer.Serialize(evidence.Folder)}},"logKey":"{{evidence.LogKey}}"}""");
        _workplace.Write(".proofgate/secrets.json", $$"""{"AuditMaster":"{{RecordedDecisions.Master}}"}""");
        if (!isRunning)
        {
            _workplace.OpenSubjectKeys = static _ => new AbsentKeys();
        }

        // From the bundle's folder, which is the one that is meant where none is named.
        var exit = await CommandLine.RunAsync(
            ["audit", "verify", "--evidence", evidence.Folder, "--json"], _workplace.Host(Path.Combine(_workplace.Folder, "bundle")), CancellationToken.None);

        var run = new CliRun(exit, _workplace.Out.ToString(), _workplace.Error.ToString());
        Assert.True(run.Exit == 0, run.Out + run.Error);
        Assert.Equal(isRunning, run.Json.GetProperty("verification").TryGetProperty("decidedAgain", out var again));
        Assert.True(!isRunning || again.GetProperty("same").GetInt32() == 3);
    }

    private MemorySubjectKeys? _keys;
    private string? _opened;

    private async Task<(RecordedEvidence Recorded, IReadOnlyList<string> Ids)> RecordAsync()
    {
        _keys = new MemorySubjectKeys();
        Prepare(_workplace, _keys);
        using var checking = new StringWriter();
        Assert.Equal(0, await CommandLine.RunAsync(["policy", "check", "bundle", "--json"], _workplace.Host(checking), CancellationToken.None));
        var decisions = new RecordedDecisions(_keys) { PolicyDigest = JsonElement.Parse(checking.ToString()).GetProperty("digest").GetString()! };
        var ids = await decisions.AddAsync(
            _folder.Path, ("dana", "developer", true, ["developers"]), ("erin", "developer", true, ["developers"]), ("sam", "guest", false, []));
        return (await RecordedEvidence.OfAsync(_folder.Path, decisions.Table), ids);
    }

    private void Prepare(Workplace workplace, MemorySubjectKeys keys)
    {
        BundleFiles.Write(workplace);
        workplace.Variables["MASTER"] = RecordedDecisions.Master;
        workplace.Variables["KEYS"] = "connection of the keys";
        workplace.OpenLedger = static _ => throw new InvalidOperationException("The table is not asked.");
        workplace.OpenSubjectKeys = place =>
        {
            _opened = (place as Cli.Ledger.LedgerPlace.WithKey)?.ConnectionString;
            return keys;
        };
    }

    private static (int Same, int Differing, int Sealed, int OtherBundles) Counts(CliRun run)
    {
        var again = run.Json.GetProperty("verification").GetProperty("decidedAgain");
        return (again.GetProperty("same").GetInt32(), again.GetProperty("differing").GetInt32(), again.GetProperty("sealed").GetInt32(), again.GetProperty("otherBundles").GetInt32());
    }

    private sealed class AbsentKeys : ISubjectKeyStore
    {
        public Task<SubjectKeyRecord?> FindAsync(string lookup, CancellationToken cancellationToken) => throw new StoreUnavailableException("no connection", null);

        public Task<bool> TryInsertAsync(SubjectKeyRecord record, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> DeleteAsync(string lookup, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
