using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Proofgate.EndToEnd;

/// <summary>A collector of the OpenTelemetry protocol over HTTP: keeps what it is sent, as it came. Strings stand in it as they are.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, string> _received = new();

    private Collector(WebApplication app) => _app = app;

    internal Uri Address => new(_app.Urls.Single());

    internal static async Task<Collector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var collector = new Collector(app);
        app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            var text = Encoding.Latin1.GetString(body.ToArray());
            collector._received.AddOrUpdate(http.Request.Path, text, (_, before) => before + text);
            http.Response.ContentType = "application/x-protobuf";
        });
        await app.StartAsync();
        return collector;
    }

    internal string Of(string path) => _received.GetValueOrDefault(path, "");

    internal async Task<string> UntilAsync(string path, Func<string, bool> enough)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!enough(Of(path)))
        {
            // What is sent is sent once a second.
            await Task.Delay(200, late.Token);
        }

        return Of(path);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
