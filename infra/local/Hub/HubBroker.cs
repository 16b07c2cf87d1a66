using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Amqp;
using Amqp.Listener;
using Amqp.Types;
using Microsoft.Extensions.Logging;

namespace Proofgate.Local.Hub;

/// <summary>
/// An Event Hubs compatible broker (AMQP 1.0) in this process, for clients with <c>UseDevelopmentEmulator=true</c>. For development: it speaks
/// in the clear, to 127.0.0.1 alone, and its key is published.
/// </summary>
public sealed class HubBroker : IAsyncDisposable
{
    private const int FrameBytes = 64 * 1024;

    private static readonly TimeSpan RetentionInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FlushPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan GoodbyePatience = TimeSpan.FromSeconds(1);

    private readonly HubOptions _options;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, HubEntity> _hubs = new(StringComparer.OrdinalIgnoreCase);
    private readonly HubWork _work = new();
    private readonly MemoryBudget _memory;
    private readonly ConnectionListener _listener;
    private readonly ITimer _retention;
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _connections;
    private bool _closing;

    private HubBroker(HubOptions options, TimeProvider time, ILoggerFactory logs)
    {
        _options = options;
        _time = time;
        _memory = new MemoryBudget(options.MaxWaitingBytes);
        Port = FreePort(options.Port);
        try
        {
            foreach (var name in options.Hubs)
                _hubs.Add(name, HubEntity.Open(name, options, time, logs));
            // The library takes "localhost" for every address of the machine.
            _listener = new ConnectionListener(
                new Address("127.0.0.1", Port, null, null, "/", "amqp"), new HubContainer(options, _hubs, _memory, _work, time));
            _listener.AMQP.MaxFrameSize = FrameBytes;
            _listener.AMQP.IdleTimeout = (int)options.IdleTimeout.TotalMilliseconds;
            _listener.AMQP.MaxSessionsPerConnection = 64;
            _listener.AMQP.MaxLinksPerSession = 64;
            _listener.SASL.EnableMechanism(new Symbol(HubSasl.ClaimsBased), new HubSasl(HubSasl.ClaimsBased, null, t => Upgrade(t, authenticated: false)));
            _listener.SASL.EnableMechanism(new Symbol(HubSasl.NoCredential), new HubSasl(HubSasl.NoCredential, null, t => Upgrade(t, authenticated: false)));
            _listener.SASL.EnableMechanism(
                new Symbol(HubSasl.Plain), new HubSasl(HubSasl.Plain, $"{options.KeyName}\0{options.Key}", t => Upgrade(t, authenticated: true)));
            _listener.Open();
        }
        catch
        {
            foreach (var hub in _hubs.Values)
                hub.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }

        _retention = time.CreateTimer(_ => Retain(), null, TimeSpan.Zero, RetentionInterval);
    }

    public int Port { get; }

    /// <summary>Without the hub's name, as the Functions host wants it.</summary>
    public string ConnectionString => string.Create(
        CultureInfo.InvariantCulture,
        $"Endpoint=sb://127.0.0.1{(Port == 5672 ? "" : $":{Port}")};SharedAccessKeyName={_options.KeyName};SharedAccessKey={_options.Key};UseDevelopmentEmulator=true;");

    /// <summary>Opens the files, repairs what a kill has left unfinished, and listens.</summary>
    /// <exception cref="LocalSetupException">The port or the folder is in use, or the files cannot be read.</exception>
    public static HubBroker Start(HubOptions options, TimeProvider time, ILoggerFactory logs)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logs);
        return new HubBroker(options, time, logs);
    }

    /// <summary>Bytes of messages that are not on disk yet.</summary>
    internal long WaitingBytes => _memory.Used;

    /// <summary>Answers what has been taken, tells the clients, and closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_closing)
                return;
            _closing = true;
            if (_connections == 0)
                _empty.TrySetResult();
        }

        await _retention.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAny(_work.CloseAsync(), Task.Delay(FlushPatience, _time)).ConfigureAwait(false);
        // Clients hear "connection forced", which they try again.
        _listener.Close();
        await Task.WhenAny(_empty.Task, Task.Delay(GoodbyePatience, _time)).ConfigureAwait(false);
        foreach (var hub in _hubs.Values)
            await hub.DisposeAsync().ConfigureAwait(false);
    }

    private HeldTransport Upgrade(IAsyncTransport transport, bool authenticated)
    {
        lock (_lock)
        {
            if (_closing || _connections >= _options.MaxConnections)
            {
                transport.Close();
                throw new AmqpException(HubErrors.Full("The local hub has as many connections as it may."));
            }

            _connections++;
        }

        // A message that is somewhat too large is refused by name; one that does not end ends the connection.
        return new HeldTransport(transport, new TransferGuard(_memory, 4L * _options.MaxMessageBytes), authenticated, Closed);
    }

    private void Closed()
    {
        lock (_lock)
        {
            if (--_connections == 0 && _closing)
                _empty.TrySetResult();
        }
    }

    private void Retain()
    {
        try
        {
            foreach (var hub in _hubs.Values)
                hub.Retain();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What could not be deleted now is tried again in a minute.
        }
    }

    /// <summary>
    /// The port, surely nobody else's: the library binds so that another process may share it, and then each would get some of the clients.
    /// </summary>
    private static int FreePort(int wanted)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, wanted);
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }
        catch (SocketException e)
        {
            throw new LocalSetupException(
                FormattableString.Invariant($"Port {wanted} on 127.0.0.1 cannot be used ({e.Message}). End the program that listens there, or choose another one with --hub-port (0: any free one)."), e);
        }
    }
}
