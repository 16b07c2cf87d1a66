using System.Text;
using System.Threading.Channels;
using Proofgate.Audit;

namespace Proofgate.Http.Tests.Support;

/// <summary>Where the refusal channel's events arrive, unless it hangs.</summary>
internal sealed class RefusalTransport : IAuditTransport
{
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();

    internal bool Hangs { get; set; }

    public async Task SendAsync(string partitionKey, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken)
    {
        if (Hangs)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        foreach (var sent in events)
        {
            _events.Writer.TryWrite(Encoding.UTF8.GetString(sent.Span));
        }
    }

    /// <summary>The next event that holds a text.</summary>
    internal async Task<string> NextAsync(string containing)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var next = await _events.Reader.ReadAsync(patience.Token);
            if (next.Contains(containing, StringComparison.Ordinal))
            {
                return next;
            }
        }
    }
}
