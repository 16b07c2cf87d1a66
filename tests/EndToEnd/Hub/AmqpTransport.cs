using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Proofgate.Audit;

namespace Proofgate.EndToEnd.Hub;

/// <summary>The audit transport over AMQPNetLite: one batch a message, as Event Hubs clients send it. No loop, no retry.</summary>
internal sealed class AmqpTransport(AmqpHub hub) : IAuditTransport
{
    public async Task SendAsync(string partitionKey, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken)
    {
        var batch = new DataList();
        foreach (var body in events)
        {
            var encoded = new ByteBuffer(body.Length + 16, true);
            new Amqp.Framing.Data { Binary = body.ToArray() }.Encode(encoded);
            batch.Add(new Amqp.Framing.Data { Binary = encoded.Buffer.AsSpan(encoded.Offset, encoded.Length).ToArray() });
        }

        var message = new Message { MessageAnnotations = new MessageAnnotations(), BodySection = batch, Format = 0x80013700 };
        message.MessageAnnotations[new Symbol("x-opt-partition-key")] = partitionKey;
        var done = new TaskCompletionSource<Outcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        (await hub.SenderAsync(cancellationToken)).Send(message, (_, _, outcome, _) => done.TrySetResult(outcome), null);
        switch (await done.Task.WaitAsync(cancellationToken))
        {
            case Accepted:
                return;
            // A connection that dies settles its messages as rejected too, by another condition.
            case Rejected { Error: { } error } when error.Condition == "com.microsoft:server-busy":
                throw new AuditThrottledException(error.Description);
            case Rejected { Error: { } error } when error.Condition == "amqp:resource-limit-exceeded" || error.Condition == "amqp:link:message-size-exceeded":
                throw new AuditUnavailableException(error.Description);
            case var outcome:
                throw new IOException($"The hub did not accept the batch: {outcome}");
        }
    }
}
