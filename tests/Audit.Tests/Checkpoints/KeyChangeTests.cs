using System.Security.Cryptography;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tiles;
using Proofgate.Support;

namespace Proofgate.Audit.Tests.Checkpoints;

public sealed class KeyChangeTests : IDisposable
{
    private const string Log = Bench.Log;

    private readonly Bench _bench = new();
    private readonly ECDsa _ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly EcdsaSigner _next;

    public KeyChangeTests() => _next = new EcdsaSigner(_ecdsa);

    public void Dispose()
    {
        _bench.Dispose();
        _ecdsa.Dispose();
    }

    private VerifierKey Old => Bench.Pin(_bench.Signer);

    private VerifierKey New => Bench.Pin(_next);

    [Fact]
    public async Task ChangeOfKey_IsALeafThatBothSigned_AndTheNewKeyGoesOn()
    {
        await _bench.GrowAsync(10);
        using (var writer = _bench.Writer())
            await writer.ChangeKeyAsync(_next, default);
        await _bench.AppendAsync(3);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        using (var writer = _bench.Writer(_next))
        {
            await writer.RunAsync(default);
            Assert.True(writer.Health.Healthy, writer.Health.Detail);
        }

        var leaves = await SuperLeavesAsync();
        Assert.Equal(3, leaves.Count);
        Assert.True(KeyChange.TryOpen(leaves[1].Span, Bench.Origin.Of("audit-super"), out var change));
        Assert.Equal((NoteKeyType.Ed25519, NoteKeyType.Ecdsa), (change.Old.Type, change.New.Type));
        var keys = new LogKeys([_bench.Signer.KeyFor("pinned")], [change]).For(Bench.Origin.Of(Log));
        Assert.True(SignedCheckpoint.TryOpen(_bench.Evidence.Files[$"{Log}/checkpoints/14"], Bench.Origin.Of(Log), keys, out _));
        Assert.True(SignedCheckpoint.TryOpen(_bench.Evidence.Files[$"{Log}/checkpoints/11"], Bench.Origin.Of(Log), keys, out _));
        var note = _bench.Evidence.Files["audit-super/keys/1"];
        Assert.False(KeyChange.TryOpen(note.AsSpan(0, note.Length - 100), Bench.Origin.Of("audit-super"), out _));
        Assert.Single(new LogKeys([Ed25519Signer.Generate().KeyFor("other")], [change]).For("x"));
    }

    [Fact]
    public async Task Host_HandsOverOnce_HoweverOftenItIsStarted_AndTheLogIsSoundUnderBothKeys()
    {
        await HandOverAsync();
        await PassAsync(_next, _bench.Signer);
        await PassAsync(_next, null);
        Assert.Single(_bench.Evidence.Files.Keys, static p => p.StartsWith("audit-super/keys/", StringComparison.Ordinal));
        var report = await _bench.VerifyAsync(New, Old);
        Assert.True(report.Report.ExitCode == 0, string.Join("; ", report.Report.Findings));
        Assert.Equal(1, report.KeyChanges);
        using var writer = _bench.Writer(_next, former: _bench.Signer);
        Assert.Equal([New, Old], await writer.KeysAsync(default));
    }

    [Fact]
    public async Task OneKeyAlone_IsAFinding_ThatNamesTheOther_AndNoOther()
    {
        await HandOverAsync();
        foreach (var (pinned, missing) in ((VerifierKey, VerifierKey)[])[(Old, New), (New, Old)])
        {
            var report = (await _bench.VerifyAsync(pinned)).Report;
            Assert.Equal(13, report.ExitCode);
            Assert.Contains(missing.ToString(), Assert.Single(report.Findings).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task KeyThatHandedOver_SignsNoMore()
    {
        await HandOverAsync();
        var before = _bench.Evidence.Files.Count;
        await _bench.AppendAsync(1);
        foreach (var former in (ILogSigner?[])[null, Ed25519Signer.Generate()])
        {
            using var left = _bench.Writer(former: former);
            await left.RunAsync(default);
            Assert.True(left.Health.Alarm);
        }

        using (var left = _bench.Writer())
        {
            await left.RunAsync(default);
            Assert.Contains($"was handed over to {New}", left.Health.Detail, StringComparison.Ordinal);
        }

        Assert.Equal(before, _bench.Evidence.Files.Count);
    }

    [Fact]
    public async Task SuperLog_ThatTheOldKeySignedAfterTheChange_IsFound()
    {
        await HandOverAsync();
        var size = (await _bench.Evidence.HighestAsync("audit-super/checkpoints", default))!.Value;
        var path = $"audit-super/checkpoints/{size}";
        Assert.True(SignedNote.TryParse(_bench.Evidence.Files[path], out var note));
        _bench.Evidence.Files[path] = (await _bench.Signer.SignNoteAsync(Old.Name, note.Text, default)).ToBytes();
        Assert.Equal(13, (await _bench.VerifyAsync(New, Old)).Report.ExitCode);
    }

    [Fact]
    public async Task FormerKey_ThatNeverSigned_HandsNothingOver()
    {
        await _bench.GrowAsync(5);
        using var stranger = Ed25519Signer.Generate();
        await _bench.AppendAsync(1);
        await PassAsync(_bench.Signer, stranger);
        Assert.DoesNotContain(_bench.Evidence.Files.Keys, static p => p.StartsWith("audit-super/keys/", StringComparison.Ordinal));
        using var writer = _bench.Writer(_next, former: stranger);
        await writer.RunAsync(default);
        Assert.True(writer.Health.Alarm);
    }

    [Fact]
    public async Task Keys_MayComeBack()
    {
        await HandOverAsync();
        foreach (var (signer, former) in ((ILogSigner, ILogSigner)[])[(_bench.Signer, _next), (_next, _bench.Signer)])
        {
            await _bench.AppendAsync(2);
            _bench.Time.Advance(TimeSpan.FromMinutes(1));
            // The pair was handed over before, in this direction or in the other.
            await PassAsync(signer, former);
        }

        Assert.Equal(0, (await _bench.VerifyAsync(New, Old)).Report.ExitCode);
    }

    [Fact]
    public async Task Witness_FollowsTheChange_WithBothKeys_AndRefusesItWithOne()
    {
        await _bench.GrowAsync(10);
        using var folder = new TemporaryFolder();
        using var key = Ed25519Signer.Generate();
        var cosigner = new Cosigner("witness.example/w", key, _bench.Time);
        using (var witness = new Witness(folder.Path, cosigner, [Old]))
            Assert.Equal(200, (await witness.AddAsync(Witness.Request(0, [], _bench.Evidence.Files[$"{Log}/checkpoints/11"]), default)).Status);
        await PassAsync(_next, _bench.Signer);
        await _bench.AppendAsync(3);
        await PassAsync(_next, null);
        var proof = await new TileTree(new LogFiles(_bench.Evidence, Log), 14).ConsistencyAsync(11, default);
        var request = Witness.Request(11, proof, _bench.Evidence.Files[$"{Log}/checkpoints/14"]);
        using (var witness = new Witness(folder.Path, cosigner, [Old]))
            Assert.Equal(403, (await witness.AddAsync(request, default)).Status);
        using (var witness = new Witness(folder.Path, cosigner, [Old, New]))
            Assert.Equal(200, (await witness.AddAsync(request, default)).Status);
    }

    private async Task HandOverAsync()
    {
        await _bench.GrowAsync(10);
        await PassAsync(_next, _bench.Signer);
        await _bench.AppendAsync(3);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        await PassAsync(_next, _bench.Signer);
    }

    private async Task PassAsync(ILogSigner signer, ILogSigner? former)
    {
        using var writer = _bench.Writer(signer, former: former);
        await writer.RunAsync(default);
        Assert.True(writer.Health.Healthy, writer.Health.Detail);
    }

    private async Task<List<ReadOnlyMemory<byte>>> SuperLeavesAsync()
    {
        var size = await _bench.Evidence.HighestAsync("audit-super/checkpoints", default);
        var entries = await new LogFiles(_bench.Evidence, "audit-super").TryEntriesAsync(0, (int)size!, default);
        return [.. entries!];
    }
}
