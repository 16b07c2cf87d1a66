using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Proofgate.Client.Tests;

/// <summary>Kestrel on a free loopback port that records what it was sent and may demand a nonce.</summary>
internal sealed class Gateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Gateway(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public ConcurrentQueue<Received> Requests { get; } = [];

    /// <summary>Set: a proof without this nonce is refused with it.</summary>
    public string? Nonce { get; set; }

    /// <summary>The next nonce, given with a successful answer.</summary>
    public string? NextNonce { get; set; }

    public string[] Challenges { get; set; } = ["DPoP error=\"use_dpop_nonce\", error_description=\"A nonce is needed\", algs=\"ES256\""];

    public string Answer { get; set; } = "{}";

    public static async Task<Gateway> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var gateway = new Gateway(app);
        app.Run(gateway.HandleAsync);
        await app.StartAsync();
        return gateway;
    }

    public HttpClient Client(ProofgateClientOptions options, TimeProvider? time = null) =>
        new(new ProofgateHandler(options, time) { InnerHandler = new SocketsHttpHandler { UseProxy = false } }) { BaseAddress = Address };

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var request = http.Request;
        var received = new Received(
            request.Method, request.Path + request.QueryString, request.Headers.ToDictionary(h => h.Key, h => h.Value.ToArray(), StringComparer.OrdinalIgnoreCase), await reader.ReadToEndAsync());
        Requests.Enqueue(received);
        if (Nonce is { } nonce && (received["DPoP"] is not [{ } proof] || Proof.Verify(proof)["nonce"] != nonce))
        {
            http.Response.StatusCode = 401;
            http.Response.Headers.WWWAuthenticate = Challenges;
            http.Response.Headers["DPoP-Nonce"] = nonce;
            return;
        }

        if (NextNonce is { } next)
        {
            Nonce = next;
            http.Response.Headers["DPoP-Nonce"] = next;
        }

        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(Answer);
    }

    internal sealed record Received(string Method, string Target, IReadOnlyDictionary<string, string?[]> Headers, string Body)
    {
        public string?[] this[string header] => Headers.TryGetValue(header, out var values) ? values : [];

        public Proof Proof() => Tests.Proof.Verify(Assert.Single(this["DPoP"])!);
    }
}
