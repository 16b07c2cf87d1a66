using System.Buffers.Text;
using System.Diagnostics;
using System.Net.ServerSentEvents;

namespace Proofgate.Benchmarks.Load;

/// <summary>Reads streams one after the other on each connection, and takes the time of every event.</summary>
internal static class PaceListener
{
    private static ReadOnlySpan<byte> Created => "\"created\":"u8;

    internal static async Task RunAsync(Contender contender, byte[] body, int connections, TimeSpan time, Pace heard)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseProxy = false, UseCookies = false });
        var url = new Uri(contender.Address, "/v1/chat/completions");
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetTimestamp() < until)
            {
                await ListenAsync(http, contender, url, body, heard);
            }
        })));
    }

    private static async Task ListenAsync(HttpMessageInvoker http, Contender contender, Uri url, byte[] body, Pace heard)
    {
        using var request = contender.Request(url, body);
        var started = Stopwatch.GetTimestamp();
        using var response = await http.SendAsync(request, CancellationToken.None);
        if (!response.IsSuccessStatusCode)
        {
            heard.Fail();
            return;
        }

        double? first = null;
        var newest = 0L;
        var later = new List<double>(FastUpstream.StreamEvents);
        await using var stream = await response.Content.ReadAsStreamAsync();
        await foreach (var written in SseParser.Create(stream, static (_, data) => WrittenAt(data)).EnumerateAsync())
        {
            // A word that was held until the answer ended comes in an event of the gateway's own, made after the first one.
            if (written.Data is not { } at || at <= newest)
            {
                continue;
            }

            newest = at;

            if (first is null)
            {
                first = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
            else
            {
                later.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
            }
        }

        if (first is { } heardAfter && later.Count == FastUpstream.StreamEvents - 1)
        {
            heard.Add(heardAfter, later);
        }
        else
        {
            heard.Fail();
        }
    }

    /// <summary>Null for events that carry no time: the one that finishes, and the terminal one.</summary>
    private static long? WrittenAt(ReadOnlySpan<byte> data)
    {
        var at = data.IndexOf(Created);
        return at >= 0 && Utf8Parser.TryParse(data[(at + Created.Length)..].TrimStart((byte)' '), out long ticks, out _) && ticks != FastUpstream.NoTime ? ticks : null;
    }
}
