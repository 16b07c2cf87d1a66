using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tests.Checkpoints;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Audit.Verification;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Audit.Tests.Verification;

public sealed class EvidenceVerifierTests(ITestOutputHelper output) : IDisposable
{
    private const string Log = Bench.Log;

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    private VerifierKey Pinned => _bench.Signer.KeyFor(Bench.Origin.Of("audit-super"));

    [Fact]
    public async Task Copy_IsSound_AndSaysWhatItHolds()
    {
        await GrowAsync();
        var report = await VerifyAsync();
        Assert.True(report.Report.ExitCode == 0, string.Join("; ", report.Report.Findings));
        Assert.Equal((300L, 150L, 150L, 0L), (report.Report.Events, report.Report.Decisions, report.Report.Outcomes, report.Report.OpenDecisionCount));
        Assert.Equal(3, report.Heartbeats);
        Assert.Equal(6, report.Checkpoints);
        Assert.Equal(301, Assert.Single(report.Report.Logs).Size);
    }

    [Fact]
    public async Task AnyChangedByte_IsFound_InAnyFile()
    {
        await GrowAsync();
        var found = new SortedDictionary<int, int>();
        var random = new Random(7);
        foreach (var path in _bench.Evidence.Files.Keys.ToList())
        {
            var original = _bench.Evidence.Files[path];
            for (var round = 0; round < 12; round++)
            {
                var changed = original.ToArray();
                changed[round == 0 ? 0 : round == 1 ? changed.Length - 1 : random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
                _bench.Evidence.Files[path] = changed;
                var code = (await VerifyAsync()).Report.ExitCode;
                // A bundle or tile of a size that was signed and is no longer the newest is checked too.
                var stale = path.Contains("/entries/000.p/", StringComparison.Ordinal) && _bench.Evidence.Files.ContainsKey($"{Log}/tile/entries/000");
                Assert.True(code is 10 or 11 or 12 or 13 || stale, $"{path} round {round}: {code}");
                found[code] = found.GetValueOrDefault(code) + 1;
            }

            _bench.Evidence.Files[path] = original;
        }

        output.WriteLine(string.Join(", ", found.Select(static f => $"code {f.Key}: {f.Value}")));
    }

    [Fact]
    public async Task AnyMissingFile_Is11_WhereNothingElseStandsForIt()
    {
        await GrowAsync();
        foreach (var path in (string[])[$"{Log}/tile/0/000", $"{Log}/tile/0/001.p/45", $"{Log}/tile/1/000.p/1", $"{Log}/tile/entries/000", $"{Log}/tile/entries/001.p/45", $"{Log}/checkpoints/301", $"{Log}/index/000"])
        {
            Assert.True(_bench.Evidence.Files.Remove(path, out var original), path);
            Assert.Equal(11, (await VerifyAsync()).Report.ExitCode);
            _bench.Evidence.Files[path] = original;
        }
    }

    [Fact]
    public async Task IdIndex_IsFound_WhereItIsWrong_Missing_OrForLeavesThatAreNot()
    {
        await GrowAsync();
        var path = $"{Log}/index/000";
        var original = _bench.Evidence.Files[path];
        foreach (var (changed, code, what) in ((byte[]?, int, string)[])[
            (null, 11, "is missing"), ([], 10, "not what the leaves give"), (original[16..], 10, "not what the leaves give"), ([.. original, 0], 10, "not what the leaves give"),
            ([.. original[16..32], .. original[..16], .. original[32..]], 10, "not what the leaves give")])
        {
            _bench.Evidence.Files.Remove(path);
            if (changed is not null)
                _bench.Evidence.Files[path] = changed;
            await OneFindingAsync(code, path, what);
        }

        _bench.Evidence.Files[path] = original;
        foreach (var extra in (string[])[$"{Log}/index/001", $"{Log}/index/009", $"{Log}/index/000.p/45", $"{Log}/index/x000/000", $"{Log}/index/0", "audit-super/index/000"])
        {
            _bench.Evidence.Files[extra] = original;
            await OneFindingAsync(10, extra, extra.EndsWith("001", StringComparison.Ordinal) || extra.EndsWith("/009", StringComparison.Ordinal) || extra.Contains("super", StringComparison.Ordinal) ? "does not have" : "never written");
            _bench.Evidence.Files.Remove(extra);
        }
    }

    /// <summary>Whatever the writer does between two reads: what was signed when the verification began is sound.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALogThatIsBeingWritten_IsSound_WhereverItGrows(bool opensAnEpoch)
    {
        var (call, calls) = (0, int.MaxValue);
        for (; call < calls; call++)
        {
            using var bench = new Bench();
            await bench.GrowAsync(230);
            bench.Time.Advance(TimeSpan.FromMinutes(1));
            var first = bench.Evidence.Calls;
            var (grown, at) = (false, call);
            bench.Evidence.Fault = (n, after) =>
            {
                if (grown || after || n - first != at)
                    return;
                grown = true;
                if (opensAnEpoch)
                    Sample.WriterAsync(bench.Table, stream: new("embedded:another", Sample.Time.AddDays(1))).GetAwaiter().GetResult();
                else
                    bench.AppendAsync(300).GetAwaiter().GetResult();
                using var writer = bench.Writer();
                writer.RunAsync(default).GetAwaiter().GetResult();
            };
            var report = await new EvidenceVerifier(bench.Evidence).VerifyAsync(new EvidenceOptions { Pinned = [bench.Signer.KeyFor(Bench.Origin.Of("audit-super"))] }, default);
            Assert.True(report.Report.ExitCode == 0, $"grown at call {call}: {string.Join("; ", report.Report.Findings)}");
            if (!grown)
                calls = call;
        }

        output.WriteLine($"{call} places");
        Assert.True(call > 10);
    }

    [Fact]
    public async Task FilesThatAreNotYetSigned_AreNoFinding_AndALogWithoutACheckpointIsNoted()
    {
        await GrowAsync();
        var whole = _bench.Evidence.Files.ToDictionary();
        await _bench.GrowAsync(300);
        foreach (var path in _bench.Evidence.Files.Keys.Where(p => p.Contains("/checkpoints/", StringComparison.Ordinal) && !whole.ContainsKey(p)).ToList())
            _bench.Evidence.Files.Remove(path);
        Assert.Contains($"{Log}/index/001", _bench.Evidence.Files.Keys);
        _bench.Evidence.Files["audit-01-000000/tile/0/000.p/1"] = new byte[32];
        var report = (await VerifyAsync()).Report;
        Assert.Equal((0, 301L), (report.ExitCode, report.Logs[0].Size));
        Assert.Equal("audit-01-000000", Assert.Single(report.Notes, static n => n.Kind == "unsigned").Partition);

        // What is beyond the checkpoint and not what its bundle gives is no file of the writer's.
        _bench.Evidence.Files[$"{Log}/index/001"] = _bench.Evidence.Files[$"{Log}/index/000"];
        await OneFindingAsync(10, $"{Log}/index/001", "not what the leaves give");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AKeyThatChangesWhileItIsRead_IsNoStrangersWhereItIsPinned_AndIsNamedWhereItIsNot(bool pinned)
    {
        await GrowAsync();
        using var next = Ed25519Signer.Generate();
        var changed = false;
        var reads = _bench.Evidence.Calls + 3;
        _bench.Evidence.Fault = (n, after) =>
        {
            if (changed || after || n < reads)
                return;
            changed = true;
            using (var old = _bench.Writer())
                old.ChangeKeyAsync(next, default).GetAwaiter().GetResult();
            _bench.AppendAsync(20).GetAwaiter().GetResult();
            _bench.Time.Advance(TimeSpan.FromMinutes(1));
            using var writer = _bench.Writer(next);
            writer.RunAsync(default).GetAwaiter().GetResult();
            Assert.True(writer.Health.Healthy, writer.Health.Detail);
        };
        var key = next.KeyFor(Pinned.Name);

        var report = (await new EvidenceVerifier(_bench.Evidence).VerifyAsync(new EvidenceOptions { Pinned = pinned ? [key, Pinned] : [Pinned] }, default)).Report;

        Assert.True(changed);
        if (pinned)
        {
            Assert.True(report.ExitCode == 0, string.Join("; ", report.Findings));
            Assert.Equal(321, Assert.Single(report.Logs).Size);
        }
        else
        {
            Assert.Equal(13, report.ExitCode);
            Assert.Contains(report.Findings, f => f.Message.Contains($"The key was changed to {key}, which is not pinned.", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task AnotherKey_Is13()
    {
        await GrowAsync();
        using var other = Ed25519Signer.Generate();
        var report = await new EvidenceVerifier(_bench.Evidence).VerifyAsync(new EvidenceOptions { Pinned = [other.KeyFor(Pinned.Name)] }, default);
        Assert.Equal(13, report.Report.ExitCode);
    }

    [Fact]
    public async Task HistoryThatWasRewrittenWithItsKey_Is14_AgainstAWitness_AndSoundWithoutOne()
    {
        using var folder = new TemporaryFolder();
        using var key = Ed25519Signer.Generate();
        using var witness = new Witness(folder.Path, new Cosigner("witness.example/w", key, _bench.Time), [Pinned]);
        await _bench.GrowAsync(100);
        var seen = await CosignAsync(witness);
        Assert.True(WitnessPolicy.TryParse($"# ours\nwitness W {new Cosigner("witness.example/w", key, _bench.Time).Key}\nquorum W\n", out var policy, out _));
        Assert.Equal(0, (await VerifyAsync(policy, seen)).Report.ExitCode);
        Assert.Equal(1, (await VerifyAsync(policy, seen)).Witnessed);
        Assert.Equal(17, (await VerifyAsync(policy)).Report.ExitCode);

        // The operator, who has the key, makes another history of it.
        _bench.Evidence.Files.Clear();
        _bench.Table = new MemoryLedgerTable();
        var forged = await Sample.WriterAsync(_bench.Table);
        await forged.AppendAsync(Sample.Records(Sample.Chain(new(9), Enumerable.Range(1, 200).Select(static i => Sample.Outcome(i)))), default);
        using (var writer = _bench.Writer())
            await writer.RunAsync(default);
        Assert.Equal(0, (await VerifyAsync()).Report.ExitCode);
        Assert.Equal(14, (await VerifyAsync(policy, seen)).Report.ExitCode);

        // And the witness itself refuses it.
        var bytes = _bench.Evidence.Files[$"{Log}/checkpoints/201"];
        var proof = await new Audit.Tiles.TileTree(new Audit.Tiles.LogFiles(_bench.Evidence, Log), 201).ConsistencyAsync(101, default);
        Assert.Equal(422, (await witness.AddAsync(Witness.Request(101, proof, bytes), default)).Status);
    }

    [Fact]
    public async Task Witness_AnswersAsTheSpecificationSays()
    {
        using var folder = new TemporaryFolder();
        using var key = Ed25519Signer.Generate();
        using var stranger = Ed25519Signer.Generate();
        var cosigner = new Cosigner("witness.example/w", key, _bench.Time);
        using var witness = new Witness(folder.Path, cosigner, [Pinned]);
        await _bench.GrowAsync(10);
        var first = _bench.Evidence.Files[$"{Log}/checkpoints/11"];
        await _bench.GrowAsync(10);
        var second = _bench.Evidence.Files[$"{Log}/checkpoints/21"];
        var tree = new Audit.Tiles.TileTree(new Audit.Tiles.LogFiles(_bench.Evidence, Log), 21);
        var proof = await tree.ConsistencyAsync(11, default);

        Assert.Equal(400, (await witness.AddAsync("old 0\n"u8.ToArray(), default)).Status);
        Assert.Equal(400, (await witness.AddAsync(Witness.Request(12, [], first), default)).Status);
        Assert.Equal(422, (await witness.AddAsync(Witness.Request(0, proof, first), default)).Status);
        var foreign = await stranger.SignNoteAsync("other.example/log", new Checkpoint("other.example/log", 1, MerkleHash.Of([])).ToText(), default);
        Assert.Equal(404, (await witness.AddAsync(Witness.Request(0, [], foreign.ToBytes()), default)).Status);
        var unsigned = await stranger.SignNoteAsync(Bench.Origin.Of(Log), new Checkpoint(Bench.Origin.Of(Log), 1, MerkleHash.Of([])).ToText(), default);
        Assert.Equal(403, (await witness.AddAsync(Witness.Request(0, [], unsigned.ToBytes()), default)).Status);

        var added = await witness.AddAsync(Witness.Request(0, [], first), default);
        Assert.Equal(200, added.Status);
        Assert.True(SignedNote.TryParse([.. first, .. System.Text.Encoding.UTF8.GetBytes(added.Body)], out var note) && note.TryVerify([cosigner.Key], out _));
        var conflict = await witness.AddAsync(Witness.Request(0, [], second), default);
        Assert.Equal((409, "11\n", "text/x.tlog.size"), (conflict.Status, conflict.Body, conflict.ContentType));
        Assert.Equal(422, (await witness.AddAsync(Witness.Request(11, [], second), default)).Status);
        Assert.Equal(200, (await witness.AddAsync(Witness.Request(11, proof, second), default)).Status);
        Assert.Equal(21, await witness.SizeOfAsync(Bench.Origin.Of(Log), default));

        // Its record counts more than what it is told, and a damaged one lets nothing pass.
        using var again = new Witness(folder.Path, cosigner, [Pinned]);
        Assert.Equal(409, (await again.AddAsync(Witness.Request(0, [], second), default)).Status);
        await File.WriteAllTextAsync(folder.Of(Witness.HashOf(Bench.Origin.Of(Log)), "checkpoint"), "x");
        await Assert.ThrowsAsync<EvidenceDamagedException>(() => again.AddAsync(Witness.Request(0, [], second), default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("quorum X\n")]
    [InlineData("quorum none\nquorum none\n")]
    [InlineData("group G any X\nquorum G\n")]
    [InlineData("witness W nokey\nquorum W\n")]
    [InlineData("nonsense\nquorum none\n")]
    public void Policy_IsRefused_WhereItIsNone(string text) => Assert.False(WitnessPolicy.TryParse(text, out _, out _));

    [Fact]
    public void Policy_CountsGroupsOfGroups()
    {
        var keys = Enumerable.Range(0, 4).Select(_ => new Cosigner($"w{Guid.NewGuid():N}", Ed25519Signer.Generate(), _bench.Time)).ToList();
        var lines = keys.Select(static (k, i) => $"witness w{i} {k.Key}\n");
        Assert.True(WitnessPolicy.TryParse($"{string.Concat(lines)}group a any w0 w1\ngroup b 2 w1 w2 w3\n\tgroup c all a b\nquorum c\n", out var policy, out _));
        var text = new Checkpoint("o", 0, MerkleHash.Of([])).ToText();
        SignedNote By(params int[] witnesses) => new(text, [.. witnesses.Select(w => keys[w].Cosign(text))]);
        Assert.True(policy.IsMetBy(By(1, 2)));
        Assert.True(policy.IsMetBy(By(0, 2, 3)));
        Assert.False(policy.IsMetBy(By(2, 3)));
        Assert.False(policy.IsMetBy(By(0, 1)));
        Assert.False(policy.IsMetBy(By(0, 3)));
    }

    private async Task OneFindingAsync(int code, string path, string what)
    {
        var report = (await VerifyAsync()).Report;
        var finding = Assert.Single(report.Findings);
        Assert.Equal((code, path), (report.ExitCode, finding.RowKey));
        Assert.Contains(what, finding.Message, StringComparison.Ordinal);
    }

    private async Task GrowAsync()
    {
        foreach (var events in (int[])[100, 100, 100])
        {
            await _bench.GrowAsync(events);
            _bench.Time.Advance(TimeSpan.FromMinutes(1));
        }
    }

    private async Task<List<ReadOnlyMemory<byte>>> CosignAsync(Witness witness)
    {
        var bytes = _bench.Evidence.Files[$"{Log}/checkpoints/101"];
        Assert.Equal(200, (await witness.AddAsync(Witness.Request(0, [], bytes), default)).Status);
        return [(await witness.NewestAsync(Witness.HashOf(Bench.Origin.Of(Log)), default))!];
    }

    private Task<EvidenceReport> VerifyAsync(WitnessPolicy? policy = null, IReadOnlyList<ReadOnlyMemory<byte>>? seen = null) =>
        new EvidenceVerifier(_bench.Evidence).VerifyAsync(new EvidenceOptions { Pinned = [Pinned], Policy = policy, Witnessed = seen ?? [] }, default);
}
