using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tests.Doubles;
using Xunit.Abstractions;

namespace Proofgate.Audit.Tests.Checkpoints;

/// <summary>ledger.md, "Proof that it holds": a fault before and after every call of a signing pass, to the table, the evidence and the key.</summary>
public sealed class SigningFaultTests(ITestOutputHelper output) : IDisposable
{
    private readonly Bench _bench = new();
    private readonly Ed25519Signer _next = Ed25519Signer.Generate();

    public void Dispose()
    {
        _bench.Dispose();
        _next.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pass_EndsTheSame_WhicheverCallFailsBeforeOrAfterItIsDone(bool changesKey)
    {
        await _bench.GrowAsync(250);
        await _bench.AppendAsync(20);
        _bench.Time.Advance(TimeSpan.FromMinutes(1));
        var (table, files) = (_bench.Table, _bench.Evidence.Files.ToDictionary());
        var clean = await RunAsync(table, files, changesKey, null);
        var (rows, whole) = (Rows(), _bench.Evidence.Files.ToDictionary());
        var points = 0;
        for (var source = 0; source < clean.Count; source++)
        {
            for (var call = 0; call < clean[source]; call++)
            {
                foreach (var (done, restarts) in ((bool, bool)[])[(false, false), (false, true), (true, false), (true, true)])
                {
                    await RunAsync(table, files, changesKey, new FaultPoint(source, call, done, restarts));
                    Assert.Equal(rows, Rows());
                    Assert.Equal(whole, _bench.Evidence.Files);
                    points++;
                }
            }
        }

        var evidence = await _bench.VerifyAsync(Bench.Pin(_bench.Signer), Bench.Pin(_next));
        Assert.True(evidence.Report.ExitCode == 0, string.Join("; ", evidence.Report.Findings));
        Assert.Equal(changesKey ? 1 : 0, evidence.KeyChanges);
        output.WriteLine($"{points} faults: {clean[0]} calls to the table, {clean[1]} to the evidence, {clean[2]} to the key, each before and after it is done, with and without a restart");
    }

    /// <summary>One pass that meets a fault, and the pass after it; or one without.</summary>
    /// <returns>How many calls each source had.</returns>
    private async Task<IReadOnlyList<int>> RunAsync(MemoryLedgerTable table, Dictionary<string, byte[]> files, bool changesKey, FaultPoint? fault)
    {
        _bench.Table = table.Copy();
        _bench.Restore(files);
        var signer = new FaultySigner(changesKey ? _next : _bench.Signer);
        var before = _bench.Evidence.Calls;
        CheckpointWriter Writer() => _bench.Writer(signer, former: changesKey ? _bench.Signer : null);
        var writer = Writer();
        var failed = false;
        if (fault is { } point)
        {
            Action<int, bool> Fail(int source, int from, Exception exception) => (call, after) =>
            {
                if (!failed && source == point.Source && call == from + point.Call && after == point.Done)
                {
                    failed = true;
                    throw exception;
                }
            };
            _bench.Table.Fault = Fail(0, 0, new LedgerUnavailableException("down"));
            _bench.Evidence.Fault = Fail(1, before, new EvidenceUnavailableException("down"));
            signer.Fault = Fail(2, 0, new EvidenceUnavailableException("down"));
            await writer.RunAsync(default);
            Assert.True(failed, $"{point}");
            Assert.True(writer.Health is { Healthy: false, Alarm: false }, $"{point}: {writer.Health.Detail}");
            _bench.Evidence.Fault = null;
            if (point.Restarts)
            {
                writer.Dispose();
                writer = Writer();
            }
        }

        await writer.RunAsync(default);
        Assert.True(writer.Health.Healthy, $"{fault}: {writer.Health.Detail}");
        writer.Dispose();
        int[] calls = [_bench.Table.Calls, _bench.Evidence.Calls - before, signer.Calls];
        Assert.Equal(0, (await _bench.VerifyTableAsync()).ExitCode);
        return calls;
    }

    private List<string> Rows() => [.. _bench.Table.Partitions.SelectMany(static p => p.Value.Keys.Select(k => $"{p.Key} {k}"))];

    private readonly record struct FaultPoint(int Source, int Call, bool Done, bool Restarts);
}
