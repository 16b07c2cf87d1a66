using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Cosigning;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tests.Checkpoints;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Outbound;

namespace Proofgate.Audit.Tests.Cosigning;

/// <summary>The log's side of C2SP tlog-witness, against witnesses that answer over HTTP.</summary>
public sealed class CosignatureRelayTests : IDisposable
{
    private const string Log = Bench.Log;

    private readonly Bench _bench = new();
    private readonly TestMeters _meters = new();

    public void Dispose()
    {
        _bench.Dispose();
        _meters.Dispose();
    }

    private IReadOnlyList<VerifierKey> Pinned => [Bench.Pin(_bench.Signer)];

    [Fact]
    public async Task EveryLog_IsCosigned_AndServedSo_AndARestartAsksNothingAgain()
    {
        await using var witness = await StartAsync();
        await _bench.GrowAsync(300);
        using (var relay = Relay(witness))
        {
            await relay.RunAsync(default);
            Assert.Equal("1 of 1 witnesses cosign", relay.Health.Detail);
            await _bench.GrowAsync(20);
            await relay.RunAsync(default);
            Assert.Equal(3, witness.Asked.Count);
        }

        Assert.True(await IsCosignedAsync(witness, Log));
        Assert.True(await IsCosignedAsync(witness, "audit-super"));
        var found = Assert.IsType<ReceiptSearch.Found>(await _bench.Reader(null, witness.Endpoint).FindAsync(Bench.Id(300), default));
        Assert.True(SignedNote.TryParse(found.Proof.Checkpoint.Span, out var note) && note.TryVerify([witness.Cosigner.Key], out _));
        Assert.True(found.Proof.Verify(Audit.Ledger.MerkleHash.OfLeaf(found.Leaf.Span), Bench.Origin.Of(Log), _bench.Keys, out var opened));
        Assert.Equal(321, opened.Size);

        using var again = Relay(witness);
        await again.RunAsync(default);
        Assert.Equal(3, witness.Asked.Count);
        await _bench.GrowAsync(1);
        await again.RunAsync(default);
        Assert.Equal(4, witness.Asked.Count);
        Assert.StartsWith("old 321\n", Encoding.UTF8.GetString(witness.Asked[^1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Receipt_TakesTheNewestCosignedCheckpointThatCoversItsEvent()
    {
        await using var witness = await StartAsync();
        await _bench.GrowAsync(40);
        using var relay = Relay(witness);
        await relay.RunAsync(default);
        await _bench.GrowAsync(10);
        var reader = _bench.Reader(null, witness.Endpoint);
        foreach (var (event_, size, cosigned) in ((int, long, bool)[])[(5, 41, true), (40, 41, true), (45, 51, false)])
        {
            var found = Assert.IsType<ReceiptSearch.Found>(await reader.FindAsync(Bench.Id(event_), default));
            Assert.True(found.Proof.Verify(Audit.Ledger.MerkleHash.OfLeaf(found.Leaf.Span), Bench.Origin.Of(Log), _bench.Keys, out var opened));
            Assert.Equal((size, cosigned), (opened.Size, opened.Note.TryVerify([witness.Cosigner.Key], out _)));
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(31)]
    public async Task Witness_ThatHoldsAnotherSize_IsGivenAProofFromThatSize(int held)
    {
        await using var witness = await StartAsync();
        foreach (var events in (int[])[10, 10, 10])
            await _bench.GrowAsync(events);
        // It was given that one, and its answer was lost.
        Assert.Equal(200, (await witness.Real.AddAsync(Witness.Request(0, [], _bench.Evidence.Files[$"{Log}/checkpoints/{held}"]), default)).Status);
        using var relay = Relay(witness);
        await relay.RunAsync(default);
        Assert.False(relay.Health.Alarm, relay.Health.Detail);
        Assert.True(await IsCosignedAsync(witness, Log));
    }

    [Fact]
    public async Task Rewrite_IsAnAlarm_AndTheOtherLogsAreCosigned()
    {
        await using var witness = await StartAsync();
        await _bench.GrowAsync(30);
        using (var relay = Relay(witness))
            await relay.RunAsync(default);
        foreach (var path in _bench.Evidence.Files.Keys.Where(static p => p.StartsWith(Log, StringComparison.Ordinal)).ToList())
            _bench.Evidence.Files.Remove(path);
        _bench.Table = new MemoryLedgerTable();
        var forged = await Sample.WriterAsync(_bench.Table);
        await forged.AppendAsync(Sample.Records(Sample.Chain(new(9), Enumerable.Range(1, 50).Select(static i => Sample.Outcome(i)))), default);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        using (var writer = _bench.Writer())
            await writer.RunAsync(default);
        using var relayed = Relay(witness);
        await relayed.RunAsync(default);
        Assert.True(relayed.Health.Alarm);
        Assert.Contains($"{Log} does not go on from what it has cosigned (422)", relayed.Health.Detail, StringComparison.Ordinal);
        Assert.True(await IsCosignedAsync(witness, "audit-super"));
    }

    [Fact]
    public async Task TailThatIsGone_IsAnAlarm_BecauseTheWitnessIsAhead()
    {
        await using var witness = await StartAsync();
        await _bench.GrowAsync(10);
        var before = _bench.Evidence.Files.ToDictionary();
        await _bench.GrowAsync(10);
        using (var relay = Relay(witness))
            await relay.RunAsync(default);
        _bench.Restore(before);
        using var relayed = Relay(witness);
        await relayed.RunAsync(default);
        Assert.True(relayed.Health.Alarm);
        Assert.Contains($"21 leaves of {Log}, which are not there any more", relayed.Health.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(404, "does not know audit-00-000000 (404)")]
    [InlineData(403, "does not know the key that signs audit-00-000000 (403)")]
    [InlineData(400, "refuses audit-00-000000 (400)")]
    [InlineData(500, "status 500")]
    [InlineData(302, "status 302")]
    public async Task Refusal_IsTold_AndSigningGoesOn(int status, string told)
    {
        await using var witness = await StartAsync();
        witness.Instead = (http, _) =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.Location = "/w/add-checkpoint";
            return Task.CompletedTask;
        };
        await ToldAsync(witness, told, TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("no signature at all\n", "its answer is no cosignature")]
    [InlineData("", "its answer has no cosignature of its own key")]
    [InlineData("stranger", "its answer has no cosignature of its own key")]
    [InlineData("other text", "its answer has no cosignature of its own key")]
    [InlineData("huge", "its answer is too long")]
    [InlineData("hangs", "no answer in 0.3 s")]
    public async Task Answer_ThatIsNone_IsNotPublished(string kind, string told)
    {
        await using var witness = await StartAsync();
        using var stranger = Ed25519Signer.Generate();
        witness.Instead = async (http, body) =>
        {
            var text = body.AsMemory(body.AsSpan().IndexOf("\n\n"u8) + 2);
            var checkpoint = text[..(text.Span.LastIndexOf("\n\n"u8) + 1)];
            switch (kind)
            {
                case "stranger":
                    await http.Response.Body.WriteAsync(SignedNote.Line(new Cosigner(witness.Cosigner.Key.Name, stranger, _bench.Time).Cosign(checkpoint.Span)));
                    break;
                case "other text":
                    await http.Response.Body.WriteAsync(SignedNote.Line(witness.Cosigner.Cosign("another\n1\nAAAA\n"u8)));
                    break;
                case "huge":
                    await http.Response.Body.WriteAsync(new byte[64 * 1024]);
                    break;
                case "hangs":
                    // The caller's own time limit ends it.
                    await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    break;
                default:
                    await http.Response.WriteAsync(kind);
                    break;
            }
        };
        await ToldAsync(witness, told, TimeSpan.FromMilliseconds(300));
    }

    [Fact]
    public async Task Witness_ThatIsDown_IsAskedLessAndLess_AndTheOtherOneCosigns()
    {
        await using var down = await StartAsync();
        await using var up = await StartAsync();
        down.Instead = static (http, _) =>
        {
            http.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        using var relay = Relay(down, up);
        for (var second = 0; second < 600; second += 5)
        {
            await _bench.GrowAsync(1);
            await relay.RunAsync(default);
            _bench.Time.Advance(TimeSpan.FromSeconds(5));
        }

        // After 5, 10, 20, 40, 80, 160 and 300 s.
        Assert.Equal(7, down.Asked.Count);
        Assert.Contains("1 of 2 witnesses cosign; W: status 503", relay.Health.Detail, StringComparison.Ordinal);
        Assert.False(relay.Health.Alarm);
        Assert.True(await IsCosignedAsync(up, Log));
        down.Instead = null;
        _bench.Time.Advance(TimeSpan.FromMinutes(5));
        await relay.RunAsync(default);
        Assert.Equal("2 of 2 witnesses cosign", relay.Health.Detail);
        Assert.True(await IsCosignedAsync(down, Log));
    }

    [Fact]
    public async Task Quorum_ComesTogetherFromTheEvidenceItself_AndAFalseCosignatureIsFound()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await _bench.GrowAsync(20);
        var text = $"witness a {first.Cosigner.Key}\nwitness b {second.Cosigner.Key}\ngroup g all a b\nquorum g\n";
        Assert.True(WitnessPolicy.TryParse(text, out var policy, out _));
        using (var relay = Relay(first))
            await relay.RunAsync(default);
        Assert.Equal(17, (await _bench.VerifyAsync(policy, Pinned)).Report.ExitCode);
        using (var relay = Relay(first, second))
            await relay.RunAsync(default);
        var report = await _bench.VerifyAsync(policy, Pinned);
        Assert.Equal((0, 2L), (report.Report.ExitCode, report.Witnessed));

        var path = $"{Log}/cosigned/{second.Cosigner.Key.Id:x8}/21";
        var note = _bench.Evidence.Files[path];
        Assert.True(SignedNote.TryParse(note, out var parsed));
        var value = parsed.Signatures[^1].Value.ToArray();
        value[20] ^= 1;
        _bench.Evidence.Files[path] = new SignedNote(parsed.Text, [parsed.Signatures[0], parsed.Signatures[1] with { Value = value }]).ToBytes();
        Assert.Equal(13, (await _bench.VerifyAsync(policy, Pinned)).Report.ExitCode);
        _bench.Evidence.Files[path] = [.. note.AsSpan(0, 10), .. note.AsSpan(11)];
        Assert.Equal(13, (await _bench.VerifyAsync(Pinned)).Report.ExitCode);

        // The log signs another root of the same size for somebody: what the witness has seen tells.
        var other = await _bench.Signer.SignNoteAsync(Bench.Origin.Of(Log), new Checkpoint(Bench.Origin.Of(Log), 21, Audit.Ledger.MerkleHash.Of([])).ToText(), default);
        _bench.Evidence.Files[path] = other.With(second.Cosigner.Cosign(other.Text.Span)).ToBytes();
        Assert.Equal(14, (await _bench.VerifyAsync(policy, Pinned)).Report.ExitCode);
    }

    [Fact]
    public async Task Evidence_ThatIsOutOfReach_IsTold_AndIsTriedAgain()
    {
        await using var witness = await StartAsync();
        await _bench.GrowAsync(5);
        using var relay = Relay(witness);
        _bench.Evidence.Fault = static (_, _) => throw new EvidenceUnavailableException("the container is away");
        await relay.RunAsync(default);
        Assert.Contains("the container is away", relay.Health.Detail, StringComparison.Ordinal);
        _bench.Evidence.Fault = null;
        await relay.RunAsync(default);
        Assert.Equal("1 of 1 witnesses cosign", relay.Health.Detail);
    }

    /// <summary>A name of the settings must not lead the writer into its own network.</summary>
    [Fact]
    public async Task Witness_WhoseAddressIsNotPublic_IsNotConnectedTo_UnlessItIsListed()
    {
        await using var witness = await StartAsync();
        await _bench.GrowAsync(5);
        using (var relay = Relay(new OutboundOptions(), TimeSpan.FromSeconds(20), witness))
        {
            await relay.RunAsync(default);
            Assert.Contains("its address is not public, and Proofgate:Outbound does not list it", relay.Health.Detail, StringComparison.Ordinal);
            Assert.False(relay.Health.Alarm);
        }

        Assert.Empty(witness.Asked);
        using var listed = Relay(witness);
        await listed.RunAsync(default);
        Assert.Equal("1 of 1 witnesses cosign", listed.Health.Detail);
    }

    [Fact]
    public async Task Metrics_CountAnswers_AndShowTheAgeOfTheNewestCosignature_AndAlarms()
    {
        await using var witness = await StartAsync();
        await _bench.GrowAsync(5);
        using var relay = Relay(witness);
        Assert.Empty(_meters.Read(WitnessMetrics.Age));
        await relay.RunAsync(default);
        _bench.Time.Advance(TimeSpan.FromSeconds(40));

        var name = witness.Options.Name!;
        Assert.Equal([(2, name, "cosigned")], _meters.Read(WitnessMetrics.Submissions));
        Assert.Equal([(40, name, null)], _meters.Read(WitnessMetrics.Age));
        Assert.Equal([(0, name, null)], _meters.Read(WitnessMetrics.Alarm));

        await _bench.GrowAsync(5);
        witness.Instead = static async (http, _) =>
        {
            http.Response.StatusCode = 422;
            await http.Response.WriteAsync("no");
        };
        await relay.RunAsync(default);
        Assert.Equal([(1, name, null)], _meters.Read(WitnessMetrics.Alarm));
        Assert.Contains(_meters.Read(WitnessMetrics.Submissions), static m => m.Result == "rewritten" && m.Value > 0);
    }

    private async Task ToldAsync(PlayedWitness witness, string told, TimeSpan timeout)
    {
        await _bench.GrowAsync(5);
        using var relay = Relay(timeout, witness);
        var since = Stopwatch.StartNew();
        await relay.RunAsync(default);
        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.Contains(told, relay.Health.Detail, StringComparison.Ordinal);
        Assert.False(relay.Health.Alarm);
        Assert.False(await IsCosignedAsync(witness, "audit-super"));
        Assert.DoesNotContain(_bench.Evidence.Files.Keys, static p => p.Contains("/cosigned/", StringComparison.Ordinal));
        Assert.True((await _bench.GrowAsync(5)).Healthy);
    }

    private Task<PlayedWitness> StartAsync() => PlayedWitness.StartAsync(Pinned, _bench.Time);

    private CosignatureRelay Relay(params PlayedWitness[] witnesses) => Relay(TimeSpan.FromSeconds(20), witnesses);

    private CosignatureRelay Relay(TimeSpan timeout, params PlayedWitness[] witnesses) => Relay(new OutboundOptions { AllowLoopback = true }, timeout, witnesses);

    private CosignatureRelay Relay(OutboundOptions outbound, TimeSpan timeout, params PlayedWitness[] witnesses)
    {
        var options = new CheckpointOptions { WitnessTimeout = timeout };
        foreach (var witness in witnesses)
            options.Witnesses.Add(witness.Options);
        return new CosignatureRelay(
            _bench.Evidence, _bench.Table, Bench.Origin, Options.Create(options), new OutboundGuard(Options.Create(outbound)), _meters, _bench.Time, NullLogger<CosignatureRelay>.Instance);
    }

    private async Task<bool> IsCosignedAsync(PlayedWitness witness, string log) =>
        await _bench.Reader(null, witness.Endpoint).CheckpointAsync(log, default) is { } bytes
        && SignedNote.TryParse(bytes, out var note) && note.TryVerify([_bench.Signer.KeyFor(Bench.Origin.Of(log))], out _) && note.TryVerify([witness.Cosigner.Key], out _);
}
