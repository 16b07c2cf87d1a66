using System.Globalization;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Cosigning;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tiles;
using Proofgate.Cli.Tests.Support;
using Proofgate.Support;
using Proofgate.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

/// <summary>The same verdicts on a folder, on what a gateway serves and on a container.</summary>
public sealed class AuditEvidenceTests(EvidenceBench bench) : IClassFixture<EvidenceBench>, IDisposable
{
    private readonly Workplace _workplace = new() { Time = new SteppedTime() };

    private string Copy => Path.Combine(_workplace.Folder, "evidence");

    public void Dispose() => _workplace.Dispose();

    public static TheoryData<string, int> Codes()
    {
        var data = new TheoryData<string, int>();
        foreach (var place in (string[])["folder", "gateway", "container"])
        {
            foreach (var code in (int[])[0, 10, 11, 12, 13, 14, 15, 17])
            {
                data.Add(place, code);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Verify_EndsWithTheCodeOfWhatWasDone_WhereverTheEvidenceIs(string place, int code)
    {
        EvidenceBench.Copy(bench.Recorded.Folder, Copy);
        var more = await ChangeAsync(code);

        var run = await bench.RunAsync(_workplace, place, Copy, ["audit", "verify", .. more]);

        Assert.True(run.Exit == code, $"{run.Exit}: {run.Out} {run.Error}");
        var verification = run.Json.GetProperty("verification");
        Assert.Equal(code, verification.GetProperty("exitCode").GetInt32());
        Assert.Equal(code == 0, verification.GetProperty("sound").GetBoolean());
        Assert.Equal(code == 0 ? 0 : 1, Math.Min(1, verification.GetProperty("findingCount").GetInt32()));
        if (code == 0)
        {
            Assert.Equal(210, verification.GetProperty("decisions").GetInt32());
            Assert.Equal(place == "gateway" ? 2 : 4, run.Json.GetProperty("checkpoints").GetInt32());
            Assert.Equal(2, run.Json.GetProperty("heartbeats").GetInt32());
        }
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("gateway")]
    [InlineData("container")]
    public async Task Verify_ReadsTheIdIndex_WhereverTheEvidenceIs(string place)
    {
        EvidenceBench.Copy(bench.Recorded.Folder, Copy);
        var file = Of("index/000");
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[1000] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        var run = await bench.RunAsync(_workplace, place, Copy, "audit", "verify");

        Assert.Equal(10, run.Exit);
        var finding = Assert.Single(run.Json.GetProperty("verification").GetProperty("findings").EnumerateArray());
        Assert.Equal($"{RecordedEvidence.Log}/index/000", finding.GetProperty("row").GetString());
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("gateway")]
    [InlineData("container")]
    public async Task Verify_EndsWith3_WhereTheEvidenceCannotBeRead(string place)
    {
        _workplace.Variables["EVIDENCE"] = "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=c2VjcmV0LWFjY291bnQta2V5;BlobEndpoint=http://127.0.0.1:1/devstoreaccount1;";
        string[] where = place switch
        {
            "folder" => ["--evidence", "nowhere"],
            "gateway" => ["--evidence", "http://127.0.0.1:1"],
            _ => ["--container", "EVIDENCE"],
        };

        var running = _workplace.RunAsync(["audit", "verify", .. where, "--log-key", bench.Recorded.LogKey]);
        await ((SteppedTime)_workplace.Time).DriveAsync(running, TimeSpan.FromSeconds(59));
        var run = await running;

        Assert.Equal(3, run.Exit);
        Assert.DoesNotContain("c2VjcmV0", run.Out + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--gateway", run.Out + run.Error, StringComparison.Ordinal);
        Assert.Equal(place != "container", (run.Out + run.Error).Contains("check --evidence", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(302)]
    public async Task Verify_NamesItsOwnOption_WhereSomethingElseAnswersAtTheAddress(int status)
    {
        await using var gateway = await FakeGateway.AnsweringAsync(status, "<html>", "text/html");

        var run = await VerifyAsync(gateway);

        Assert.Equal(3, run.Exit);
        Assert.Contains("check --evidence", run.Out + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--gateway", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--evidence", "x", "--container", "EVIDENCE")]
    [InlineData("--container", "DefaultEndpointsProtocol=http;AccountKey=c2VjcmV0LWFjY291bnQta2V5")]
    [InlineData("--container", "NOT_SET")]
    [InlineData("--container", "https://account.blob.core.windows.net")]
    [InlineData("--container", "https://account.blob.core.windows.net/audit-evidence?sig=c2VjcmV0LWFjY291bnQta2V5")]
    [InlineData("--container", "http://account.blob.core.windows.net/audit-evidence")]
    [InlineData("--evidence", "http://gateway.example.com")]
    [InlineData("--evidence", "https://gateway.example.com/?key=c2VjcmV0LWFjY291bnQta2V5")]
    [InlineData("--evidence", "folder", "--key-file", "k")]
    [InlineData("--evidence", "folder", "--storage", "LEDGER")]
    public async Task Verify_IsAUsageErrorThatRepeatsNoSecret_WhereThePlaceIsNone(params string[] options)
    {
        var run = await _workplace.RunAsync(["audit", "verify", .. options, "--log-key", bench.Recorded.LogKey]);

        Assert.Equal(2, run.Exit);
        Assert.DoesNotContain("c2VjcmV0", run.Out + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "invalid_api_key", 1)]
    [InlineData(403, "policy_denied", 1)]
    [InlineData(302, "elsewhere", 1)]
    [InlineData(503, "evidence_unavailable", 8)]
    [InlineData(429, "too_many_requests", 8)]
    public async Task Verify_EndsWith3AndTheReason_WhereTheGatewayRefuses(int status, string code, int attempts)
    {
        await using var gateway = await FakeGateway.RefusingAsync(status, code, "because of it", ("Retry-After", "3"));

        var run = await VerifyAsync(gateway);

        Assert.Equal(3, run.Exit);
        Assert.Equal(attempts, gateway.Requests.Count);
        Assert.Contains("cannot read", run.Out, StringComparison.Ordinal);
        Assert.Contains("because of it", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_GoesOn_WhereTheGatewayIsBusyNowAndThen()
    {
        var server = new EvidenceServer(bench.Recorded.Store, bench.Recorded.Table, _workplace.Time);
        var asked = 0;
        await using var gateway = await FakeGateway.StartAsync(async http =>
        {
            switch (Interlocked.Increment(ref asked) % 3)
            {
                case 0:
                    http.Response.Headers.RetryAfter = "7";
                    await EvidenceServer.RefuseAsync(http, 429, "too_many_requests");
                    break;
                case 1:
                    http.Abort();
                    break;
                default:
                    await server.AnswerAsync(http);
                    break;
            }
        });

        var run = await VerifyAsync(gateway);

        Assert.True(run.Exit == 0, run.Out + run.Error);
    }

    [Fact]
    public async Task Verify_ReadsNoMoreThanAFileCanHave()
    {
        await using var gateway = await FakeGateway.StartAsync(async http =>
        {
            var piece = new byte[1 << 20];
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.Body.WriteAsync(piece, http.RequestAborted);
            }
        });

        var run = await VerifyAsync(gateway);

        Assert.Equal(10, run.Exit);
        Assert.Contains("more than it can have", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_IsSound_WhileTheGatewaysLogGrows()
    {
        using var folder = new TemporaryFolder();
        using var growing = await RecordedEvidence.MakeAsync(folder.Path, 20, "acme");
        var grown = 0;
        for (var at = 0; at < 12; at++)
        {
            using var workplace = new Workplace { Time = new SteppedTime() };
            var server = new EvidenceServer(growing.Store, growing.Table, workplace.Time);
            var (count, grow) = (0, at);
            await using var gateway = await FakeGateway.StartAsync(async http =>
            {
                if (count++ == grow)
                {
                    grown++;
                    await growing.AddAsync(60, "acme");
                }

                await server.AnswerAsync(http);
            });
            var running = workplace.RunAsync("audit", "verify", "--evidence", gateway.Address, "--log-key", growing.LogKey, "--json");
            await ((SteppedTime)workplace.Time).DriveAsync(running, TimeSpan.FromSeconds(30));
            var run = await running;
            Assert.True(run.Exit == 0, $"grown at request {at}: {run.Out}");
        }

        Assert.InRange(grown, 8, 12);
    }

    [Fact]
    public async Task Witness_CosignsWhatAGatewayServes()
    {
        EvidenceBench.Copy(bench.Recorded.Folder, Copy);

        var run = await bench.RunAsync(_workplace, "gateway", Copy, "audit", "witness", "--record", "witness");

        Assert.True(run.Exit == 0, run.Out + run.Error);
        Assert.Equal(2, run.Json.GetProperty("logs").GetArrayLength());
        Assert.All(run.Json.GetProperty("logs").EnumerateArray(), static log => Assert.Equal(200, log.GetProperty("status").GetInt32()));
    }

    /// <summary>What a gateway shows of its witnesses counts, also where they come a little after the signature; the copy that is made from it has it too.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Verify_CountsTheCosignaturesThatAGatewayShows(int shownAt)
    {
        EvidenceBench.Copy(bench.Recorded.Folder, Copy);
        var (cosigned, note, endpoint) = await CosignedAsync();
        var (asked, server) = (0, new EvidenceServer(new Audit.Evidence.FileEvidenceStore(Copy), bench.Recorded.Table, _workplace.Time, endpoint));
        await using var gateway = await FakeGateway.StartAsync(async http =>
        {
            if (http.Request.Path.Value!.EndsWith("-super/checkpoint", StringComparison.Ordinal) && ++asked == shownAt)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Copy, cosigned))!);
                await File.WriteAllBytesAsync(Path.Combine(Copy, cosigned), note);
            }

            await server.AnswerAsync(http);
        });

        var run = await VerifyAsync(gateway, "--policy", "policy", "--json");
        Assert.True(run.Exit == 0, run.Out + run.Error);
        Assert.Equal((shownAt, 1), (asked, run.Json.GetProperty("witnessed").GetInt32()));

        using var elsewhere = new Workplace { Time = new SteppedTime() };
        var exporting = elsewhere.RunAsync("audit", "export", "--out", "copy", "--evidence", gateway.Address, "--log-key", bench.Recorded.LogKey);
        await ((SteppedTime)elsewhere.Time).DriveAsync(exporting, TimeSpan.FromSeconds(30));
        Assert.Equal(0, (await exporting).Exit);
        Assert.Equal(note, await File.ReadAllBytesAsync(Path.Combine(elsewhere.Folder, "copy", cosigned)));
    }

    [Fact]
    public async Task Verify_SaysWhatElseThereIs_WhereAGatewayShowsNoCosignatures()
    {
        EvidenceBench.Copy(bench.Recorded.Folder, Copy);
        await CosignedAsync();
        await using var gateway = await EvidenceServer.StartAsync(Copy, bench.Recorded.Table, _workplace.Time);

        var run = await VerifyAsync(gateway, "--policy", "policy");
        Assert.Equal(17, run.Exit);
        Assert.Contains("--witness", run.Error, StringComparison.Ordinal);

        using var elsewhere = new Workplace { Time = new SteppedTime() };
        File.Copy(Path.Combine(_workplace.Folder, "policy"), Path.Combine(elsewhere.Folder, "policy"));
        var verifying = elsewhere.RunAsync(
            "audit", "verify", "--policy", "policy", "--witness", Path.Combine(_workplace.Folder, "witness"), "--evidence", gateway.Address, "--log-key", bench.Recorded.LogKey);
        await ((SteppedTime)elsewhere.Time).DriveAsync(verifying, TimeSpan.FromSeconds(30));
        Assert.Equal(0, (await verifying).Exit);
    }

    /// <summary>The super-log's newest checkpoint, cosigned by a witness that a policy asks for; the path is where the log's writer keeps it.</summary>
    private async Task<(string Path, byte[] Note, WitnessEndpoint Endpoint)> CosignedAsync()
    {
        var log = RecordedEvidence.Origin.SuperLog;
        var newest = Directory.EnumerateFiles(Path.Combine(Copy, log, "checkpoints")).MaxBy(static f => long.Parse(Path.GetFileName(f), CultureInfo.InvariantCulture))!;
        var bytes = await File.ReadAllBytesAsync(newest);
        Assert.True(VerifierKey.TryParse(bench.Recorded.LogKey, out var pinned));
        using var key = Ed25519Signer.Generate();
        var cosigner = new Cosigner("witness.example/w", key, TimeProvider.System);
        using var witness = new Witness(Path.Combine(_workplace.Folder, "witness"), cosigner, [pinned]);
        var answer = await witness.AddAsync(Witness.Request(0, [], bytes), CancellationToken.None);
        Assert.Equal(200, answer.Status);
        Assert.True(SignedNote.TryParse([.. bytes, .. System.Text.Encoding.UTF8.GetBytes(answer.Body)], out var note));
        _workplace.Write("policy", $"witness W {cosigner.Key}\nquorum W\n");
        var id = note.Signatures[^1].KeyId.ToString("x8", CultureInfo.InvariantCulture);
        return ($"{log}/cosigned/{id}/{Path.GetFileName(newest)}", note.ToBytes(), new WitnessEndpoint("W", cosigner.Key, new Uri("https://witness.example/")));
    }

    private async Task<CliRun> VerifyAsync(FakeGateway gateway, params string[] more)
    {
        var running = _workplace.RunAsync(["audit", "verify", "--evidence", gateway.Address, "--log-key", bench.Recorded.LogKey, .. more]);
        await ((SteppedTime)_workplace.Time).DriveAsync(running, TimeSpan.FromSeconds(30));
        return await running;
    }

    /// <summary>Does to the copy what the code stands for.</summary>
    /// <returns>Options that the finding needs.</returns>
    private async Task<string[]> ChangeAsync(int code)
    {
        var size = Directory.EnumerateFiles(Of("checkpoints")).Max(static f => long.Parse(Path.GetFileName(f), CultureInfo.InvariantCulture));
        var bundle = Of($"tile/entries/001.p/{size - 256}");
        switch (code)
        {
            case 10:
                var bytes = await File.ReadAllBytesAsync(bundle);
                bytes[^3] ^= 1;
                await File.WriteAllBytesAsync(bundle, bytes);
                break;
            case 11:
                File.Delete(bundle);
                break;
            case 12:
                var entries = EntryBundle.TryDecode(await File.ReadAllBytesAsync(bundle), (int)size - 256, wide: false)!.Select(static e => e.Entry!.Value).ToList();
                (entries[3], entries[4]) = (entries[4], entries[3]);
                await File.WriteAllBytesAsync(bundle, EntryBundle.Encode(entries));
                break;
            case 13:
                using (var stranger = Ed25519Signer.Generate())
                {
                    var forged = await ForgedAsync(stranger, size);
                    await File.WriteAllBytesAsync(Of($"checkpoints/{size}"), forged.ToBytes());
                }

                break;
            case 14:
                return ["--policy", "policy", "--witness", await WitnessAsync(await ForgedAsync(bench.Recorded.Signer, size))];
            case 15:
                Directory.Delete(Copy, recursive: true);
                using (var folder = new TemporaryFolder())
                {
                    var holed = await bench.Recorded.WithoutOneEventAsync(folder.Path);
                    EvidenceBench.Copy(holed.Folder, Copy);
                }

                break;
            case 17:
                await WitnessAsync(await ForgedAsync(bench.Recorded.Signer, size));
                return ["--policy", "policy"];
        }

        return [];
    }

    private string Of(string path) => Path.Combine(Copy, RecordedEvidence.Log, Path.Combine(path.Split('/')));

    /// <summary>A checkpoint of another history.</summary>
    private static Task<SignedNote> ForgedAsync(Ed25519Signer signer, long size)
    {
        var origin = RecordedEvidence.Origin.Of(RecordedEvidence.Log);
        return signer.SignNoteAsync(origin, new Checkpoint(origin, size, MerkleHash.Of([])).ToText(), CancellationToken.None);
    }

    /// <summary>A witness that has seen a checkpoint, and a policy that asks for it.</summary>
    private async Task<string> WitnessAsync(SignedNote seen)
    {
        Assert.True(VerifierKey.TryParse(bench.Recorded.LogKey, out var pinned));
        using var key = Ed25519Signer.Generate();
        var cosigner = new Cosigner("witness.example/w", key, TimeProvider.System);
        using var witness = new Witness(Path.Combine(_workplace.Folder, "witness"), cosigner, [pinned]);
        Assert.Equal(200, (await witness.AddAsync(Witness.Request(0, [], seen.ToBytes()), CancellationToken.None)).Status);
        _workplace.Write("policy", $"witness W {cosigner.Key}\nquorum W\n");
        return "witness";
    }
}
