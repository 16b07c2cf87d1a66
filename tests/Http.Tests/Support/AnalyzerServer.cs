using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Proofgate.Http.Tests.Support;

/// <summary>A loopback server that speaks the API of Presidio's analyzer and counts as Python does: in code points. It knows a few names by heart.</summary>
internal sealed class AnalyzerServer : IAsyncDisposable
{
    private static readonly (string Text, string Entity)[] Known =
        [("Ada Lovelace", "PERSON"), ("Зоя", "PERSON"), ("😀Bo", "PERSON"), ("Zürich", "LOCATION"), ("Lovelace of Zürich", "ORGANIZATION")];

    private readonly WebApplication _app;

    private AnalyzerServer(WebApplication app)
    {
        _app = app;
    }

    internal Uri Address => new(_app.Urls.Single());

    internal List<string> Texts { get; } = [];

    internal JsonNode? LastRequest { get; private set; }

    /// <summary>Answers instead of the ordinary answer.</summary>
    internal Func<HttpContext, Task>? Fault { get; set; }

    internal static async Task<AnalyzerServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0));
        var server = new AnalyzerServer(builder.Build());
        server._app.MapPost("/analyze", server.AnalyzeAsync);
        await server._app.StartAsync();
        return server;
    }

    internal Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnalyzeAsync(HttpContext http)
    {
        LastRequest = await JsonNode.ParseAsync(http.Request.Body);
        var text = (string)LastRequest!["text"]!;
        lock (Texts)
        {
            Texts.Add(text);
        }

        if (Fault is { } fault)
        {
            await fault(http);
            return;
        }

        var asked = LastRequest["entities"]!.AsArray().Select(static e => (string)e!).ToHashSet();
        var found = new JsonArray();
        foreach (var (known, entity) in Known.Where(k => asked.Contains(k.Entity)))
        {
            for (var at = text.IndexOf(known, StringComparison.Ordinal); at >= 0; at = text.IndexOf(known, at + 1, StringComparison.Ordinal))
            {
                var start = Runes(text[..at]);
                found.Add(new JsonObject { ["entity_type"] = entity, ["start"] = start, ["end"] = start + Runes(known), ["score"] = 0.85, ["analysis_explanation"] = null });
            }
        }

        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(found.ToJsonString());
    }

    internal static Func<HttpContext, Task> Says(string body, int status = 200) => async http =>
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
    };

    private static int Runes(string text) => text.EnumerateRunes().Count();
}
