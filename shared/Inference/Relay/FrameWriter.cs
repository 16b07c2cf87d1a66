using System.Buffers;
using System.IO.Pipelines;

namespace Proofgate.Inference.Relay;

/// <summary>
/// The client's side of a stream: frames are filled into <see cref="Buffer"/> and written and flushed together, heartbeats go out by
/// a timer of their own while nothing else does. One writer at a time.
/// </summary>
internal sealed class FrameWriter : IAsyncDisposable
{
    private readonly PipeWriter _client;
    private readonly Action<ReadOnlySpan<byte>> _digest;
    private readonly TimeProvider _time;
    private readonly TimeSpan _heartbeat;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly CancellationToken _stopped;
    private readonly ITimer _timer;
    private long _lastWrite;

    internal FrameWriter(
        PipeWriter client, Action<ReadOnlySpan<byte>> digest, TimeSpan heartbeat, TimeProvider time, CancellationToken stopped)
    {
        (_client, _digest, _heartbeat, _time, _stopped) = (client, digest, heartbeat, time, stopped);
        _lastWrite = time.GetTimestamp();
        _timer = time.CreateTimer(static me => _ = ((FrameWriter)me!).BeatAsync(), this, heartbeat, heartbeat / 4);
    }

    internal IBufferWriter<byte> Buffer => _buffer;

    internal long BytesWritten { get; private set; }

    /// <summary>Writes what <see cref="Buffer"/> holds and flushes it to the client; waits while the client is slow.</summary>
    internal async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_buffer.WrittenCount == 0)
        {
            return;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            _digest(_buffer.WrittenSpan);
            _client.Write(_buffer.WrittenSpan);
            BytesWritten += _buffer.WrittenCount;
            _buffer.ResetWrittenCount();
            _lastWrite = _time.GetTimestamp();
            var flush = await _client.FlushAsync(cancellationToken);
            if (flush.IsCompleted || flush.IsCanceled)
            {
                throw new OperationCanceledException("The client has left.", cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    internal void Discard() => _buffer.ResetWrittenCount();

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        // A heartbeat that is just being written is waited for.
        if (await _turn.WaitAsync(TimeSpan.FromSeconds(1), CancellationToken.None))
        {
            _turn.Dispose();
        }
    }

    private async Task BeatAsync()
    {
        if (_time.GetElapsedTime(_lastWrite) < _heartbeat || _stopped.IsCancellationRequested || !await _turn.WaitAsync(0, CancellationToken.None))
        {
            return;
        }

        try
        {
            _client.Write(SseFrame.Heartbeat);
            _lastWrite = _time.GetTimestamp();
            await _client.FlushAsync(_stopped);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // The client has left; the relay learns it by its own token.
        }
        finally
        {
            _turn.Release();
        }
    }
}
