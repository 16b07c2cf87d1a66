using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;

namespace Proofgate.Inference.Tests.Support;

/// <summary>An upstream whose answer the test writes. It sees when its connection is closed and when reading is given up.</summary>
internal sealed class UpstreamPipe : Stream
{
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly TaskCompletionSource _cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal UpstreamPipe() => Answer = new UpstreamAnswer(new HttpResponseMessage(HttpStatusCode.OK), this);

    internal UpstreamAnswer Answer { get; }

    /// <summary>Completes when a read was given up.</summary>
    internal Task Cancelled => _cancelled.Task;

    internal long BytesRead { get; private set; }

    internal void Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    internal void Send(byte[] bytes)
    {
        _pipe.Writer.Write(bytes);
        _pipe.Writer.FlushAsync().AsTask().GetAwaiter().GetResult();
    }

    internal void Say(string content) => Send($$$"""data: {"id":"a","choices":[{"index":0,"delta":{"content":"{{{content}}}"}}]}""" + "\n\n");

    internal void End(Exception? error = null) => _pipe.Writer.Complete(error);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await _pipe.Reader.ReadAsync(cancellationToken);
            var taken = read.Buffer.Slice(0, Math.Min(buffer.Length, read.Buffer.Length));
            var at = 0;
            foreach (var segment in taken)
            {
                segment.CopyTo(buffer[at..]);
                at += segment.Length;
            }

            _pipe.Reader.AdvanceTo(taken.End);
            BytesRead += at;
            return at;
        }
        catch (OperationCanceledException)
        {
            _cancelled.TrySetResult();
            throw;
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
