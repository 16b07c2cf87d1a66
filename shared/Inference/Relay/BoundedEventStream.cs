namespace Proofgate.Inference.Relay;

/// <summary>Counts what the event parser has taken since the last event: a provider cannot make us buffer an endless one.</summary>
internal sealed class BoundedEventStream(Stream inner, int maxEventBytes) : Stream
{
    private long _sinceEvent;

    /// <summary>Ends the wait of each read that begins from now on.</summary>
    internal CancellationToken Patience { get; set; }

    internal long Total { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    internal void EventEnded() => _sinceEvent = 0;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_sinceEvent > maxEventBytes)
        {
            throw new AnswerFormatException($"The upstream sent an event of more than {maxEventBytes} bytes.");
        }

        var read = await inner.ReadAsync(buffer, Patience);
        _sinceEvent += read;
        Total += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
