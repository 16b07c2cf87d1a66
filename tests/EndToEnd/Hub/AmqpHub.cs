using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Proofgate.EndToEnd.Hub;

/// <summary>A client's session with the local hub over AMQPNetLite; made again when it is lost.</summary>
internal sealed class AmqpHub(int port) : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private Connection? _connection;
    private Session? _session;
    private SenderLink? _sender;

    internal Task<Session> SessionAsync(CancellationToken cancellationToken) => InTurnAsync(OpenAsync, cancellationToken);

    internal Task<SenderLink> SenderAsync(CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            var session = await OpenAsync();
            return _sender is { IsClosed: false } && _sender.Session == session ? _sender : _sender = new SenderLink(session, Guid.NewGuid().ToString("N"), "audit");
        },
        cancellationToken);

    /// <summary>READ on <c>$management</c>.</summary>
    internal async Task<Map> ReadAsync(string type, CancellationToken cancellationToken, string? partition = null)
    {
        const string Name = "audit";
        var session = await SessionAsync(cancellationToken);
        var replyTo = Guid.NewGuid().ToString("N");
        var receiver = new ReceiverLink(session, replyTo, new Attach { Source = new Source { Address = "$management" }, Target = new Target { Address = replyTo } }, null);
        var sender = new SenderLink(session, replyTo + "-requests", "$management");
        try
        {
            var request = new Message("") { Properties = new Properties { MessageId = replyTo, ReplyTo = replyTo }, ApplicationProperties = new ApplicationProperties() };
            request.ApplicationProperties["operation"] = "READ";
            request.ApplicationProperties["name"] = Name;
            request.ApplicationProperties["type"] = type;
            if (partition is not null)
            {
                request.ApplicationProperties["partition"] = partition;
            }

            await sender.SendAsync(request).WaitAsync(cancellationToken);
            var reply = await receiver.ReceiveAsync(TimeSpan.FromSeconds(10)).WaitAsync(cancellationToken) ?? throw new TimeoutException("The hub did not answer.");
            receiver.Accept(reply);
            return reply.ApplicationProperties["status-code"] is 200 ? (Map)reply.Body : throw new IOException((string)reply.ApplicationProperties["status-description"]);
        }
        finally
        {
            receiver.Close(TimeSpan.Zero);
            sender.Close(TimeSpan.Zero);
        }
    }

    /// <summary>A link that receives one partition from a sequence number on.</summary>
    internal async Task<ReceiverLink> ReceiverAsync(string group, int partition, long from, CancellationToken cancellationToken)
    {
        const string Filter = "apache.org:selector-filter:string";
        var source = new Source
        {
            Address = $"audit/ConsumerGroups/{group}/Partitions/{partition}",
            FilterSet = new Map { [new Symbol(Filter)] = new DescribedValue(new Symbol(Filter), $"amqp.annotation.x-opt-sequence-number >= {from}") },
        };
        return new ReceiverLink(
            await SessionAsync(cancellationToken), Guid.NewGuid().ToString("N"), new Attach { Source = source, Target = new Target { Address = "trigger" } }, null);
    }

    private async Task<Session> OpenAsync()
    {
        if (_session is { IsClosed: false } && _connection is { IsClosed: false })
        {
            return _session;
        }

        _connection = await new ConnectionFactory().CreateAsync(new Address("127.0.0.1", port, "RootManageSharedAccessKey", "SAS_KEY_VALUE", "/", "amqp"));
        return _session = new Session(_connection);
    }

    private async Task<T> InTurnAsync<T>(Func<Task<T>> act, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await act().WaitAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        _connection?.Close(TimeSpan.Zero);
        _turn.Dispose();
        return ValueTask.CompletedTask;
    }
}
