using System.Diagnostics;

namespace Proofgate.Benchmarks.Load;

/// <summary>Closed loop: each connection sends its next request when the last has been read to its end.</summary>
internal static class Generator
{
    internal static async Task<Sample> RunAsync(Contender contender, byte[] body, int connections, TimeSpan time)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseProxy = false, UseCookies = false });
        var url = new Uri(contender.Address, "/v1/chat/completions");
        var until = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var started = Stopwatch.GetTimestamp();
        var lanes = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => LaneAsync(http, url, contender, body, until))));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new Sample(
            [.. lanes.SelectMany(static l => l.Total).Order()], [.. lanes.SelectMany(static l => l.First).Order()], seconds, [.. lanes.SelectMany(static l => l.Failed)]);
    }

    private static async Task<(List<double> Total, List<double> First, List<int> Failed)> LaneAsync(HttpMessageInvoker http, Uri url, Contender contender, byte[] body, long until)
    {
        var (total, first, failed) = (new List<double>(), new List<double>(), new List<int>());
        var buffer = new byte[16 * 1024];
        while (Stopwatch.GetTimestamp() < until)
        {
            using var request = contender.Request(url, body);
            var started = Stopwatch.GetTimestamp();
            using var response = await http.SendAsync(request, CancellationToken.None);
            await using var stream = await response.Content.ReadAsStreamAsync();
            double? heard = null;
            while (await stream.ReadAsync(buffer) > 0)
            {
                heard ??= Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }

            if (response.IsSuccessStatusCode && heard is { } firstByte)
            {
                first.Add(firstByte);
                total.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
            else
            {
                // A quick refusal is no quick answer: it is counted, and measured nowhere.
                failed.Add((int)response.StatusCode);
            }
        }

        return (total, first, failed);
    }
}
