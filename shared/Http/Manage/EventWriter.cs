using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Proofgate.Http.Manage;

/// <summary>Writes named server-sent events (WHATWG HTML, 9.2). Data is one line: JSON that we wrote has no line breaks.</summary>
internal sealed class EventWriter(PipeWriter client, Action<ReadOnlySpan<byte>> digest)
{
    /// <summary>The front end cuts what is silent for 230 s, other proxies sooner.</summary>
    internal static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    private const int FlushAt = 32 * 1024;

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);

    internal long Events { get; private set; }

    internal long Bytes { get; private set; }

    internal bool IsEmpty => _buffer.WrittenCount == 0;

    internal bool IsFull => _buffer.WrittenCount >= FlushAt;

    internal void Add<T>(ReadOnlySpan<byte> name, T data, JsonTypeInfo<T> type)
    {
        _buffer.Write("event: "u8);
        _buffer.Write(name);
        _buffer.Write("\ndata: "u8);
        _buffer.Write(JsonSerializer.SerializeToUtf8Bytes(data, type));
        _buffer.Write("\n\n"u8);
        Events++;
    }

    internal void Beat() => _buffer.Write(": keep-alive\n\n"u8);

    internal void Discard() => _buffer.ResetWrittenCount();

    /// <summary>Writes what was added and flushes it; waits while the client is slow.</summary>
    /// <exception cref="OperationCanceledException">The client has left, or the stream is to end.</exception>
    internal async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        digest(_buffer.WrittenSpan);
        client.Write(_buffer.WrittenSpan);
        Bytes += _buffer.WrittenCount;
        _buffer.ResetWrittenCount();
        var flush = await client.FlushAsync(cancellationToken);
        if (flush.IsCompleted || flush.IsCanceled)
        {
            throw new OperationCanceledException("The client has left.", cancellationToken);
        }
    }
}
