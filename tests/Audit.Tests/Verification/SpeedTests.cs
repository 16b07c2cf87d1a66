using System.Diagnostics;
using Proofgate.Audit.Events;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.Audit.Verification;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Audit.Tests.Verification;

/// <summary>Prints figures; asserts none, because a machine that is busy is no fault.</summary>
public sealed class SpeedTests(ITestOutputHelper output)
{
    [Fact]
    [Trait("Category", "Heavy")]
    public async Task Figures_ArePrinted_ForAppendVerifyAndPublish()
    {
        var count = Counts.Full ? 200_000 : 2_000;
        var records = Sample.Records(Sample.Chain(new SourceId(1), Enumerable.Range(1, count).Select(i => (AuditEvent)Sample.Decision(i))));
        var table = new MemoryLedgerTable();
        var writer = await Sample.WriterAsync(table);
        var clock = Stopwatch.StartNew();
        await writer.AppendAsync(records, default);
        output.WriteLine($"append to memory: {count / clock.Elapsed.TotalSeconds:F0} events/s");
        clock.Restart();
        var report = await new LedgerVerifier(table).VerifyAsync(null, default);
        output.WriteLine($"verify: {count / clock.Elapsed.TotalSeconds:F0} events/s of {records[1].Body.Length} bytes");
        Assert.Equal((0, (long)count), (report.ExitCode, report.Events));

        await using var publisher = Sample.Publisher(new MemoryTransport());
        await publisher.PublishAsync(Sample.Decision(0), default);
        clock.Restart();
        for (var i = 0; i < count / 10; i++)
            await publisher.PublishAsync(Sample.Decision(i), default);
        output.WriteLine($"publish one at a time, no transport delay: {clock.Elapsed.TotalMicroseconds / (count / 10):F1} us each");
    }
}
