using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;
using Moq;
using Proofgate.Audit;
using Proofgate.EventHubs;

namespace Proofgate.Functions.Tests.EventHubs;

public sealed class EventHubTransportTests
{
    private readonly Mock<EventHubProducerClient> _producer = new(MockBehavior.Strict);

    [Fact]
    public async Task Batch_IsSentOnce_WholeAndInOrder_UnderItsKey()
    {
        using var cancellation = new CancellationTokenSource();
        List<byte[]> sent = [];
        _producer
            .Setup(p => p.SendAsync(It.IsAny<IEnumerable<EventData>>(), It.Is<SendEventOptions>(o => o.PartitionKey == "source-1"), cancellation.Token))
            .Callback((IEnumerable<EventData> events, SendEventOptions _, CancellationToken _) => sent = [.. events.Select(e => e.EventBody.ToArray())])
            .Returns(Task.CompletedTask);
        await new EventHubTransport(_producer.Object).SendAsync("source-1", [new byte[] { 1, 2 }, new byte[] { 3 }], cancellation.Token);
        Assert.Equal([[1, 2], [3]], sent);
        _producer.Verify(p => p.SendAsync(It.IsAny<IEnumerable<EventData>>(), It.IsAny<SendEventOptions>(), It.IsAny<CancellationToken>()), Times.Once);
    }

    [Fact]
    public async Task Failure_ReachesThePublisher_AndNothingIsTriedAgain()
    {
        var failure = new TimeoutException("The service did not answer.");
        _producer.Setup(p => p.SendAsync(It.IsAny<IEnumerable<EventData>>(), It.IsAny<SendEventOptions>(), It.IsAny<CancellationToken>())).ThrowsAsync(failure);
        var thrown = await Assert.ThrowsAsync<TimeoutException>(() => new EventHubTransport(_producer.Object).SendAsync("s", [new byte[] { 1 }], default));
        Assert.Same(failure, thrown);
        _producer.Verify(p => p.SendAsync(It.IsAny<IEnumerable<EventData>>(), It.IsAny<SendEventOptions>(), It.IsAny<CancellationToken>()), Times.Once);
    }

    [Theory]
    [InlineData(EventHubsException.FailureReason.ServiceBusy, typeof(AuditThrottledException))]
    [InlineData(EventHubsException.FailureReason.MessageSizeExceeded, typeof(AuditUnavailableException))]
    [InlineData(EventHubsException.FailureReason.QuotaExceeded, typeof(AuditUnavailableException))]
    [InlineData(EventHubsException.FailureReason.ServiceTimeout, typeof(EventHubsException))]
    [InlineData(EventHubsException.FailureReason.ServiceCommunicationProblem, typeof(EventHubsException))]
    public async Task Refusal_IsToldAsSuch_OnlyWhereNothingWasStored(EventHubsException.FailureReason reason, Type expected)
    {
        _producer.Setup(p => p.SendAsync(It.IsAny<IEnumerable<EventData>>(), It.IsAny<SendEventOptions>(), It.IsAny<CancellationToken>()))
            .ThrowsAsync(new EventHubsException(true, "audit", "no", reason));
        await Assert.ThrowsAsync(expected, () => new EventHubTransport(_producer.Object).SendAsync("s", [new byte[] { 1 }], default));
    }
}
