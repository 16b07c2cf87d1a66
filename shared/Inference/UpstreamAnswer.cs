using Proofgate.Inference.Relay;

namespace Proofgate.Inference;

/// <summary>An answer that has begun: status, kind and a body that is still arriving. Disposing it closes the connection.</summary>
public sealed class UpstreamAnswer(HttpResponseMessage response, Stream body) : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private UpstreamEvents? _events;

    public int Status => (int)response.StatusCode;

    public bool IsSuccess => response.IsSuccessStatusCode;

    /// <summary>Media type without parameters, lower case; empty if none was sent.</summary>
    public string MediaType => response.Content.Headers.ContentType?.MediaType?.ToLowerInvariant() ?? string.Empty;

    public bool IsStream => MediaType == "text/event-stream";

    public Stream Body => body;

    /// <summary>Whether the connection failed, or fell silent, while a stream was read. An error that the provider sent in it is none of the connection's.</summary>
    public bool Broke { get; internal set; }

    /// <summary>Our credential as it was sent: an answer that has it in it is not released.</summary>
    internal ReadOnlyMemory<byte> Withheld { get; init; }

    /// <summary>How long the provider asks us to wait (RFC 9110, 10.2.3): seconds, or until a date; at most a day. Null if it does not say.</summary>
    public TimeSpan? RetryAfter(DateTimeOffset now)
    {
        var wait = response.Headers.RetryAfter is { } asked ? asked.Delta ?? (asked.Date is { } date ? date - now : null) : null;
        return wait is { } time ? TimeSpan.FromTicks(Math.Clamp(time.Ticks, 0, LongestWait.Ticks)) : null;
    }

    /// <summary>The body's events, from wherever they have been read to.</summary>
    internal UpstreamEvents Events(int maxEventBytes) => _events ??= new UpstreamEvents(body, maxEventBytes, Withheld);

    public async ValueTask DisposeAsync()
    {
        if (_events is not null)
        {
            await _events.DisposeAsync();
        }

        await body.DisposeAsync();
        response.Dispose();
    }
}
