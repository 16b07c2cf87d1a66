using System.Buffers;
using System.Net.ServerSentEvents;

namespace Proofgate.Inference.Relay;

/// <summary>A provider's server-sent events, one after the other and each bounded. The first can be waited for before anybody decides what becomes of the answer.</summary>
internal sealed class UpstreamEvents : IAsyncDisposable
{
    private readonly BoundedEventStream _bytes;
    private readonly ReadOnlyMemory<byte> _withheld;
    private readonly ArrayBufferWriter<byte> _data = new(4096);
    private readonly IAsyncEnumerator<SseItem<int>> _items;
    private bool _waits;

    internal UpstreamEvents(Stream body, int maxEventBytes, ReadOnlyMemory<byte> withheld)
    {
        _bytes = new BoundedEventStream(body, maxEventBytes);
        _withheld = withheld;
        _items = SseParser.Create(_bytes, (_, bytes) =>
        {
            _data.ResetWrittenCount();
            _data.Write(bytes);
            _bytes.EventEnded();
            return bytes.Length;
        }).EnumerateAsync(CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
    }

    /// <summary>Whether any byte has come, be it of a comment.</summary>
    internal bool Heard => _bytes.Total > 0;

    /// <summary>Of the current event. Valid until the next.</summary>
    internal ReadOnlySpan<byte> Data => _data.WrittenSpan;

    /// <summary>Waits for the first event, which the first <see cref="NextAsync"/> then gives. False if there is none.</summary>
    internal async ValueTask<bool> BeginAsync(CancellationToken cancellationToken) => _waits = await ReadAsync(cancellationToken);

    /// <exception cref="AnswerFormatException">An event is larger than allowed, or may not be passed on.</exception>
    internal ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        if (!_waits)
        {
            return ReadAsync(cancellationToken);
        }

        _waits = false;
        return ValueTask.FromResult(true);
    }

    public ValueTask DisposeAsync() => _items.DisposeAsync();

    private async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        // The parser takes one token for all its reads; each wait has its own.
        _bytes.Patience = cancellationToken;
        while (await _items.MoveNextAsync())
        {
            if (_items.Current.Data > 0)
            {
                RequireWithheld(Data, _withheld.Span);
                return true;
            }
        }

        return false;
    }

    /// <exception cref="AnswerFormatException">The provider has sent our own credential back.</exception>
    internal static void RequireWithheld(ReadOnlySpan<byte> data, ReadOnlySpan<byte> withheld)
    {
        if (!withheld.IsEmpty && data.IndexOf(withheld) >= 0)
        {
            throw new AnswerFormatException("The upstream sent its own credential back.");
        }
    }
}
