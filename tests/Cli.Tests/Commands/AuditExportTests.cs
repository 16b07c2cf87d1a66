using System.Text;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Events;
using Proofgate.Audit.Notes;
using Proofgate.Cli.Tests.Support;
using Proofgate.Support;
using Proofgate.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

/// <summary>Copies of the evidence, and a tenant's own part of it.</summary>
public sealed class AuditExportTests(EvidenceBench bench) : IClassFixture<EvidenceBench>, IDisposable
{
    private readonly Workplace _workplace = new() { Time = new SteppedTime() };

    public void Dispose() => _workplace.Dispose();

    [Theory]
    [InlineData("folder")]
    [InlineData("gateway")]
    [InlineData("container")]
    public async Task Export_CopiesEveryFileByteForByte_AndTheCopyVerifies(string place)
    {
        var run = await bench.RunAsync(_workplace, place, bench.Recorded.Folder, "audit", "export", "--out", "copy");

        Assert.True(run.Exit == 0, run.Out + run.Error);
        var copy = Path.Combine(_workplace.Folder, "copy");
        var files = Files(copy);
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(bench.Recorded.Folder, file)), File.ReadAllBytes(Path.Combine(copy, file))));
        // A gateway has the newest checkpoints and what they need.
        if (place != "gateway")
        {
            Assert.Equal(Files(bench.Recorded.Folder), files);
        }

        Assert.Contains(files, static f => f.Contains("large", StringComparison.Ordinal));
        Assert.Contains(files, static f => f.Contains("index", StringComparison.Ordinal));
        using var elsewhere = new Workplace();
        Assert.Equal(0, (await elsewhere.RunAsync("audit", "verify", "--evidence", copy, "--log-key", bench.Recorded.LogKey)).Exit);
    }

    [Fact]
    public async Task Export_EndsWith10_WhereTheCopyThatIsThereHasOtherBytes()
    {
        _workplace.Write($"copy/{RecordedEvidence.Log}/tile/0/000", "x");

        var run = await bench.RunAsync(_workplace, "folder", bench.Recorded.Folder, "audit", "export", "--out", "copy");

        Assert.Equal(10, run.Exit);
    }

    [Theory]
    [InlineData("folder", "acme")]
    [InlineData("gateway", "acme")]
    [InlineData("container", "acme")]
    [InlineData("folder", "contoso")]
    [InlineData("gateway", "contoso")]
    public async Task Export_OfATenant_HasAllItsEventsWithProofs_AndNothingOfOthers(string place, string tenant)
    {
        var run = await bench.RunAsync(_workplace, place, bench.Recorded.Folder, "audit", "export", "--tenant", tenant, "--out", "ours");

        Assert.True(run.Exit == 0, run.Out + run.Error);
        // 105 decisions and their outcomes, two refusals, two keys.
        Assert.Equal(214, run.Json.GetProperty("files").GetInt32());
        var folder = Path.Combine(_workplace.Folder, "ours");
        var kinds = new Dictionary<string, int>();
        foreach (var file in Files(folder))
        {
            var text = await File.ReadAllTextAsync(Path.Combine(folder, file));
            if (Path.GetFileName(file) != "tenant.json")
            {
                Assert.True(TlogProof.TryParse(Encoding.UTF8.GetBytes(text), out var proof));
                text += Encoding.UTF8.GetString(proof.Extra!.Value.Span);
                Assert.Contains(RecordedEvidence.CanaryOf(tenant), text, StringComparison.Ordinal);
                var kind = EventReader.Read(proof.Extra.Value.Span, out _)!.Event.GetType().Name;
                kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
            }

            Assert.DoesNotContain(RecordedEvidence.CanaryOf(tenant == "acme" ? "contoso" : "acme"), text, StringComparison.Ordinal);
        }

        Assert.Equal((105, 105, 2, 2), (kinds[nameof(DecisionEvent)], kinds[nameof(OutcomeEvent)], kinds[nameof(RefusalEvent)], kinds[nameof(KeyEvent)]));
        var verified = await VerifyAsync(folder);
        Assert.True(verified.Exit == 0, verified.Out);
        Assert.Equal((tenant, 214), (verified.Json.GetProperty("tenant").GetString(), verified.Json.GetProperty("proved").GetInt32()));
        Assert.Contains("left out", verified.Json.GetProperty("verification").GetProperty("limit").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_OfATenantWithoutEvents_IsEmpty_AndVerifies()
    {
        var run = await bench.RunAsync(_workplace, "gateway", bench.Recorded.Folder, "audit", "export", "--tenant", "nobody", "--out", "ours");

        Assert.Equal(0, run.Exit);
        Assert.Equal(["tenant.json"], Files(Path.Combine(_workplace.Folder, "ours")));
        Assert.Equal(0, (await VerifyAsync(Path.Combine(_workplace.Folder, "ours"))).Exit);
    }

    [Fact]
    public async Task Export_OfATenant_TakesAFolderOfItsOwn()
    {
        _workplace.Write("ours/x", "x");

        var run = await bench.RunAsync(_workplace, "folder", bench.Recorded.Folder, "audit", "export", "--tenant", "acme", "--out", "ours");

        Assert.Equal(2, run.Exit);
    }

    [Fact]
    public async Task Export_OfATenant_EndsWith3_WhereTheGatewayRefuses()
    {
        await using var gateway = await FakeGateway.RefusingAsync(403, "policy_denied", "not yours");

        var run = await _workplace.RunAsync("audit", "export", "--tenant", "acme", "--out", "ours", "--evidence", gateway.Address, "--log-key", bench.Recorded.LogKey);

        Assert.Equal(3, run.Exit);
        Assert.Contains("not yours", run.Error, StringComparison.Ordinal);
        Assert.Equal("/audit/events", gateway.Request.Path);
        Assert.False(Directory.Exists(Path.Combine(_workplace.Folder, "ours")));
    }

    /// <summary>Every byte of an event's file is bound, and so is every file.</summary>
    [Fact]
    public async Task Verify_OfATenantsExport_FindsWhatWasChanged()
    {
        await bench.RunAsync(_workplace, "folder", bench.Recorded.Folder, "audit", "export", "--tenant", "acme", "--out", "ours");
        var folder = Path.Combine(_workplace.Folder, "ours");
        var events = Path.Combine(folder, RecordedEvidence.Log, "events");
        var files = Directory.EnumerateFiles(events).OrderBy(static f => f.Length).ThenBy(static f => f, StringComparer.Ordinal).ToList();
        var (decision, other) = (files[3], files[7]);
        var original = await File.ReadAllBytesAsync(decision);
        var random = new Random(5);
        for (var round = 0; round < 60; round++)
        {
            var changed = original.ToArray();
            changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(decision, changed);
            var code = (await VerifyAsync(folder)).Exit;
            Assert.True(code is 10 or 12 or 13, $"round {round}: {code}");
        }

        await File.WriteAllBytesAsync(decision, await File.ReadAllBytesAsync(other));
        Assert.Equal(12, (await VerifyAsync(folder)).Exit);
        File.Delete(decision);
        var missing = await VerifyAsync(folder);
        Assert.Equal(11, missing.Exit);
        Assert.Contains("whose outcome this is", missing.Out, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(decision, original);
        await FoundAsync(folder, Path.Combine(events, "x"), 10);
        await FoundAsync(folder, Path.Combine(folder, "audit.json"), 10);

        var manifest = Path.Combine(folder, "tenant.json");
        var named = await File.ReadAllTextAsync(manifest);
        foreach (var (changed, code) in ((string, int)[])[
            (named.Replace("acme", "contoso", StringComparison.Ordinal), 10), (named.Replace("\"events\":214", "\"events\":215", StringComparison.Ordinal), 11),
            (named.Replace("\"events\":214", "\"events\":213", StringComparison.Ordinal), 10), (named + " ", 10),
            (named.Replace(RecordedEvidence.Log, "other-00-000000", StringComparison.Ordinal), 10)])
        {
            await File.WriteAllTextAsync(manifest, changed);
            Assert.Equal(code, (await VerifyAsync(folder)).Exit);
        }

        await File.WriteAllTextAsync(manifest, named);
        Assert.Equal(0, (await VerifyAsync(folder)).Exit);
        using var stranger = Ed25519Signer.Generate();
        using var elsewhere = new Workplace();
        var key = stranger.KeyFor(RecordedEvidence.Origin.Of(RecordedEvidence.Origin.SuperLog)).ToString();
        Assert.Equal(13, (await elsewhere.RunAsync("audit", "verify", "--evidence", folder, "--log-key", key)).Exit);
    }

    /// <summary>The export carries the change that both keys signed, so who has pinned the old key learns which key to ask the operator about, once.</summary>
    [Theory]
    [InlineData("folder")]
    [InlineData("gateway")]
    [InlineData("container")]
    public async Task Verify_OfATenantsExport_FollowsAChangeOfTheLogsKey(string place)
    {
        using var folder = new TemporaryFolder();
        using var recorded = await RecordedEvidence.MakeAsync(folder.Path, 5, "acme");
        var old = recorded.LogKey;
        await recorded.ChangeKeyAsync();
        await recorded.AddAsync(3, "acme");
        var exported = await bench.RunAsync(recorded, _workplace, place, recorded.Folder, "audit", "export", "--tenant", "acme", "--out", "ours");
        Assert.True(exported.Exit == 0, exported.Out + exported.Error);
        var ours = Path.Combine(_workplace.Folder, "ours");
        var change = Assert.Single(Directory.EnumerateFiles(Path.Combine(ours, RecordedEvidence.Origin.SuperLog, "keys")));

        Assert.Equal(0, (await VerifyAsync(ours, recorded.LogKey)).Exit);
        Assert.Equal(0, (await VerifyAsync(ours, recorded.LogKey, old)).Exit);
        var followed = await VerifyAsync(ours, old);
        Assert.Equal(13, followed.Exit);
        var finding = Assert.Single(followed.Json.GetProperty("verification").GetProperty("findings").EnumerateArray());
        Assert.Contains(recorded.LogKey, finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(exported.Json.GetProperty("files").GetInt64(), followed.Json.GetProperty("proved").GetInt64());

        using var stranger = Ed25519Signer.Generate();
        Assert.Equal(13, (await VerifyAsync(ours, stranger.KeyFor(RecordedEvidence.Origin.Of(RecordedEvidence.Origin.SuperLog)).ToString())).Exit);
        var note = await File.ReadAllBytesAsync(change);
        note[^4] ^= 1;
        await File.WriteAllBytesAsync(change, note);
        var forged = await VerifyAsync(ours, old);
        Assert.Equal((13, 0), (forged.Exit, forged.Json.GetProperty("proved").GetInt32()));
        Assert.Equal(13, (await VerifyAsync(ours, recorded.LogKey)).Exit);
    }

    [Fact]
    public async Task Verify_OfATenantsExport_FindsAnotherTenantsEvent()
    {
        await bench.RunAsync(_workplace, "folder", bench.Recorded.Folder, "audit", "export", "--tenant", "acme", "--out", "ours");
        using var second = new Workplace { Time = new SteppedTime() };
        await bench.RunAsync(second, "folder", bench.Recorded.Folder, "audit", "export", "--tenant", "contoso", "--out", "theirs");
        var theirs = Directory.EnumerateFiles(Path.Combine(second.Folder, "theirs", RecordedEvidence.Log, "events")).First();
        await FoundAsync(Path.Combine(_workplace.Folder, "ours"), Path.Combine(_workplace.Folder, "ours", RecordedEvidence.Log, "events", Path.GetFileName(theirs)), 10, theirs);
    }

    private async Task FoundAsync(string folder, string added, int code, string? from = null)
    {
        await File.WriteAllBytesAsync(added, from is null ? "x"u8.ToArray() : await File.ReadAllBytesAsync(from));
        var run = await VerifyAsync(folder);
        Assert.Equal(code, run.Exit);
        File.Delete(added);
    }

    private Task<CliRun> VerifyAsync(string folder) => VerifyAsync(folder, bench.Recorded.LogKey);

    private static async Task<CliRun> VerifyAsync(string folder, params string[] keys)
    {
        using var elsewhere = new Workplace();
        return await elsewhere.RunAsync(["audit", "verify", "--evidence", folder, "--log-key", .. keys, "--json"]);
    }

    private static List<string> Files(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal)];
}
