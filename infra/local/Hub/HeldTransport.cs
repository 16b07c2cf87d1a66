using System.Runtime.CompilerServices;
using Amqp;

namespace Proofgate.Local.Hub;

/// <summary>
/// A connection's bytes after the SASL layer. It holds what is written until the client has spoken: the library writes its header and open at
/// once after the SASL outcome, and coalesced with that they hang the JavaScript client. It also knows how much waits for a slow reader.
/// </summary>
internal sealed class HeldTransport(IAsyncTransport inner, TransferGuard guard, bool authenticated, Action closed) : IAsyncTransport
{
    private const long MaxQueued = 4 << 20;

    private static readonly ConditionalWeakTable<Connection, HeldTransport> ByConnection = [];

    private readonly TaskCompletionSource _spoken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private TaskCompletionSource? _room;
    private long _queued;
    private bool _closed;

    /// <summary>Whether the SASL layer has proved the key.</summary>
    internal bool IsAuthenticated => authenticated;

    internal static HeldTransport Of(Connection connection) =>
        ByConnection.TryGetValue(connection, out var transport) ? transport : throw new InvalidOperationException("The connection has no SASL layer.");

    public void SetConnection(Connection connection)
    {
        ByConnection.AddOrUpdate(connection, this);
        inner.SetConnection(connection);
    }

    /// <summary>Somebody is about to give so many bytes to the library, which queues without a bound of its own.</summary>
    internal void Queued(int bytes)
    {
        lock (_lock)
            _queued += bytes;
    }

    /// <summary>Waits while more is queued than a reader should be behind.</summary>
    internal Task RoomAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_queued < MaxQueued || _closed)
                return Task.CompletedTask;
            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellationToken);
        }
    }

    public async Task SendAsync(IList<ByteBuffer> bufferList, int listSize)
    {
        await _spoken.Task.ConfigureAwait(false);
        await inner.SendAsync(bufferList, listSize).ConfigureAwait(false);
        lock (_lock)
        {
            // Other frames than events are in it too, so this errs towards sending.
            _queued = Math.Max(0, _queued - listSize);
            if (_queued < MaxQueued)
                LetGo();
        }
    }

    public async Task<int> ReceiveAsync(byte[] buffer, int offset, int count)
    {
        var read = await inner.ReceiveAsync(buffer, offset, count).ConfigureAwait(false);
        if (read > 0)
            _spoken.TrySetResult();
        guard.Read(buffer.AsSpan(offset, read));
        return read;
    }

    public void Send(ByteBuffer buffer) => inner.Send(buffer);

    public int Receive(byte[] buffer, int offset, int count) => inner.Receive(buffer, offset, count);

    public void Close()
    {
        inner.Close();
        _spoken.TrySetCanceled();
        lock (_lock)
        {
            LetGo();
            if (_closed)
                return;
            _closed = true;
        }

        guard.Close();
        closed();
    }

    private void LetGo()
    {
        _room?.TrySetResult();
        _room = null;
    }
}
