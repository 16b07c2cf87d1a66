using System.Diagnostics;
using Amqp;
using Proofgate.Support;

namespace Proofgate.Benchmarks.Hub;

/// <summary>
/// What the local hub takes, durable before each answer, over one connection from this process to a broker in another: single events, one and
/// thirty-two at a time, and batches. Events have 600 bytes.
/// </summary>
internal static class HubRun
{
    private const int EventBytes = 600;
    private const int BatchEvents = 100;
    private const uint BatchFormat = 0x80013700;

    internal static async Task<int> RunAsync(string[] args)
    {
        if (args is not ([] or ["--seconds", _]) || !TimeSpan.TryParse(args is [_, var text] ? $"00:00:{text}" : "00:00:03", null, out var time))
        {
            Console.Error.WriteLine("Usage: hub [--seconds 3]");
            return 2;
        }

        using var folder = new TemporaryFolder();
        await using var broker = await HubProcess.StartAsync(folder.Path);
        var connection = await new ConnectionFactory().CreateAsync(new Address("127.0.0.1", broker.Port, "RootManageSharedAccessKey", "SAS_KEY_VALUE", "/", "amqp"));
        var session = new Session(connection);
        Console.WriteLine($"{"",-36}{"sends/s",12}{"events/s",12}");
        foreach (var (name, lanes, events) in new[] { ("single, 1 at a time", 1, 1), ("single, 32 at a time", 32, 1), ($"batches of {BatchEvents}, 8 at a time", 8, BatchEvents) })
        {
            var link = new SenderLink(session, name, "audit/Partitions/0");
            await MeasureAsync(link, lanes, events, time / 3);
            var rate = await MeasureAsync(link, lanes, events, time);
            Console.WriteLine($"{name,-36}{rate,12:n0}{rate * events,12:n0}");
            await link.CloseAsync();
        }

        await connection.CloseAsync();
        return 0;
    }

    /// <returns>Sends a second.</returns>
    private static async Task<double> MeasureAsync(SenderLink link, int lanes, int events, TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, lanes).Select(_ => Task.Run(async () =>
        {
            var count = 0;
            for (; Stopwatch.GetElapsedTime(started) < time; count++)
            {
                await link.SendAsync(Make(events));
            }

            return count;
        })));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static Message Make(int events)
    {
        if (events == 1)
        {
            return new Message { BodySection = new Amqp.Framing.Data { Binary = new byte[EventBytes] } };
        }

        var batch = new Amqp.Framing.DataList();
        for (var i = 0; i < events; i++)
        {
            var encoded = new ByteBuffer(EventBytes + 16, true);
            new Amqp.Framing.Data { Binary = new byte[EventBytes] }.Encode(encoded);
            batch.Add(new Amqp.Framing.Data { Binary = encoded.Buffer.AsSpan(encoded.Offset, encoded.Length).ToArray() });
        }

        return new Message { BodySection = batch, Format = BatchFormat };
    }
}
