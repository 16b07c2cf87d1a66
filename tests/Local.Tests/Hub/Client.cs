using System.Globalization;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Proofgate.Local.Hub;

namespace Proofgate.Local.Tests.Hub;

/// <summary>A client on AMQPNetLite, for what the Event Hubs clients cannot be made to do.</summary>
internal sealed class Client : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Connection _connection;
    private readonly Session _session;

    private Client(Connection connection) => (_connection, _session) = (connection, new Session(connection));

    internal bool IsClosed => _connection.IsClosed;

    /// <param name="idle">After so long without a frame the client takes the broker for dead.</param>
    internal static Task<Client> ConnectAsync(HubBroker broker, string key = "SAS_KEY_VALUE", TimeSpan? idle = null) => ConnectAsync(broker.Port, key, idle);

    internal static async Task<Client> ConnectAsync(int port, string key = "SAS_KEY_VALUE", TimeSpan? idle = null)
    {
        var factory = new ConnectionFactory();
        if (idle is { } time)
            factory.AMQP.IdleTimeout = (int)time.TotalMilliseconds;
        return new Client(await factory.CreateAsync(new Address("127.0.0.1", port, "RootManageSharedAccessKey", key, "/", "amqp")));
    }

    /// <summary>One event to partition 0.</summary>
    /// <returns>The error's condition; null if it was accepted.</returns>
    internal Task<string?> SendAsync(byte[] body) => Sender().Send(body);

    internal (Func<byte[], Task<string?>> Send, SenderLink Link) Sender()
    {
        var link = new SenderLink(_session, Guid.NewGuid().ToString("N"), "audit/Partitions/0");
        return (Send, link);

        async Task<string?> Send(byte[] body)
        {
            var done = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
            link.Send(new Message { BodySection = new Data { Binary = body } }, (_, _, outcome, _) => done.TrySetResult(ConditionOf(outcome)), null);
            return await done.Task.WaitAsync(Patience);
        }
    }

    internal ReceiverLink Receiver(string expression, long? epoch = null)
    {
        const string Filter = "apache.org:selector-filter:string";
        var attach = new Attach
        {
            Source = new Source
            {
                Address = "audit/ConsumerGroups/$Default/Partitions/0",
                FilterSet = new Map { [new Symbol(Filter)] = new DescribedValue(new Symbol(Filter), $"amqp.annotation.{expression}") },
            },
            Target = new Target(),
        };
        if (epoch is not null)
            attach.Properties = new Fields { [new Symbol("com.microsoft:epoch")] = epoch.Value };
        return new ReceiverLink(_session, Guid.NewGuid().ToString("N"), attach, null);
    }

    /// <summary>So many, however slow the machine is, and what then comes until nothing comes for half a second; in sequence numbers.</summary>
    internal static async Task<List<long>> ReceiveAsync(ReceiverLink link, int count)
    {
        var numbers = new List<long>();
        while (await link.ReceiveAsync(numbers.Count < count ? Patience : TimeSpan.FromMilliseconds(500)) is { } message)
            numbers.Add((long)message.MessageAnnotations[new Symbol("x-opt-sequence-number")]);
        return numbers;
    }

    internal static Task<string> ClosedAsync(AmqpObject link)
    {
        var closed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        link.AddClosedCallback((_, error) => closed.TrySetResult(string.Create(CultureInfo.InvariantCulture, $"{error?.Condition}")));
        return closed.Task.WaitAsync(Patience);
    }

    internal Task<string> ClosedAsync() => ClosedAsync(_connection);

    public ValueTask DisposeAsync()
    {
        _connection.Close(TimeSpan.Zero);
        return ValueTask.CompletedTask;
    }

    private static string? ConditionOf(Outcome outcome) => outcome switch
    {
        Accepted => null,
        Rejected { Error: { } error } => error.Condition,
        _ => outcome.ToString(),
    };
}
