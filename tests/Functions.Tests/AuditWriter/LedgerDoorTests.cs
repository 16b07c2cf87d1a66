using Azure.Messaging.EventHubs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Moq;
using Proofgate.Audit;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Streaming;
using Proofgate.Audit.Tests.Doubles;
using Proofgate.AuditWriter;

namespace Proofgate.Functions.Tests.AuditWriter;

public sealed class LedgerDoorTests
{
    private static readonly DateTimeOffset Enqueued = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly Mock<IRemoteHistory> _hub = new();

    public LedgerDoorTests() =>
        _hub.Setup(h => h.IdentifyAsync(It.IsAny<CancellationToken>())).ReturnsAsync(new StreamIdentity("name.servicebus.windows.net/audit", Enqueued));

    [Fact]
    public async Task Events_AreInTheLogOfTheirPartition_WhenTheTriggerReturns()
    {
        var table = new MemoryLedgerTable();
        await Door(table).Append([Event(0, [1]), Event(1, [2, 3])], Context("7"));
        var rows = table.Partitions["audit-07-000000"].Values;
        // The epoch's leaf, and for each event its own and the writer's remark that it is opaque.
        Assert.Equal(5, rows.Count(static r => r.RowKey[0] == 'e'));
    }

    [Fact]
    public async Task Failure_ReachesTheHost_SoThatItTriesAgain()
    {
        var table = new Mock<ILedgerTable>();
        table.Setup(t => t.NextPartitionAsync(It.IsAny<string>(), It.IsAny<CancellationToken>())).ThrowsAsync(new LedgerUnavailableException("503"));
        table.Setup(t => t.ReadAsync(It.IsAny<string>(), It.IsAny<string>(), It.IsAny<string>(), It.IsAny<int?>(), It.IsAny<CancellationToken>()))
            .Throws(new LedgerUnavailableException("503"));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => Door(table.Object).Append([Event(0, [1])], Context("0")));
    }

    [Fact]
    public void Delivery_KeepsSequenceTimeAndBytes()
    {
        var record = Assert.Single(Delivery.RecordsOf([Event(41, [9, 8])]));
        Assert.Equal((41L, Enqueued), (record.Sequence, record.EnqueuedAt));
        Assert.Equal([9, 8], record.Body.ToArray());
    }

    private LedgerDoor Door(ILedgerTable table) => new(new LedgerInlet(table, _hub.Object, Options.Create(new LedgerOptions()), NullLogger<LedgerInlet>.Instance));

    private static EventData Event(long sequence, byte[] body) =>
        EventHubsModelFactory.EventData(new BinaryData(body), sequenceNumber: sequence, offsetString: "0", enqueuedTime: Enqueued);

    private static FunctionContext Context(string partition)
    {
        var binding = new Mock<BindingContext>();
        binding.SetupGet(b => b.BindingData).Returns(new Dictionary<string, object?>
        {
            ["PartitionContext"] = $$"""{"FullyQualifiedNamespace":"name","EventHubName":"audit","ConsumerGroup":"$Default","PartitionId":"{{partition}}"}""",
        });
        var context = new Mock<FunctionContext>();
        context.SetupGet(c => c.BindingContext).Returns(binding.Object);
        return context.Object;
    }
}
