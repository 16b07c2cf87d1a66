using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Proofgate.Cli.Tests.Support;

/// <summary>A real HTTP server on a free loopback port that answers as a test tells it.</summary>
internal sealed class FakeGateway : IAsyncDisposable
{
    internal const string AuditId = "01970000-0000-7000-8000-000000000001";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<SeenRequest> _requests = new();

    private FakeGateway(WebApplication app) => _app = app;

    internal string Address { get; private set; } = "";

    internal IReadOnlyList<SeenRequest> Requests => [.. _requests];

    internal SeenRequest Request => Assert.Single(_requests);

    internal static async Task<FakeGateway> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var gateway = new FakeGateway(app);
        app.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var headers = http.Request.Headers.ToDictionary(static h => h.Key, static h => h.Value.ToString());
            gateway._requests.Enqueue(new SeenRequest(
                http.Request.Method, http.Request.Path, http.Request.Headers.Authorization.ToString(), headers, await reader.ReadToEndAsync()));
            http.Response.Headers["Proofgate-Audit-Id"] = AuditId;
            await answer(http);
        });
        await app.StartAsync();
        gateway.Address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return gateway;
    }

    internal static Task<FakeGateway> AnsweringAsync(int status, string body, string type = "application/json", params (string Name, string Value)[] headers) =>
        StartAsync(async http =>
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = type;
            foreach (var (name, value) in headers)
            {
                http.Response.Headers[name] = value;
            }

            await http.Response.WriteAsync(body);
        });

    /// <summary>An error as <c>/manage</c> writes it.</summary>
    internal static Task<FakeGateway> RefusingAsync(int status, string code, string detail, params (string Name, string Value)[] headers) =>
        AnsweringAsync(
            status, $$"""{"type":"about:blank","title":"x","status":{{status}},"detail":"{{detail}}","code":"{{code}}"}""", "application/problem+json", headers);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
