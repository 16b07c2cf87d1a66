using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Proofgate.SelfHost.SampleModel;

/// <summary>
/// The model of the local run where no provider is configured: a small HTTP server that speaks OpenAI's protocols and Anthropic's on its own
/// loopback port and is reached like any provider. It says in every answer that it is a sample.
/// </summary>
internal sealed class SampleModelServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SampleModelServer(WebApplication app, Uri address) => (_app, Address) = (app, address);

    /// <summary>Base address with the version's path, as an upstream's endpoint.</summary>
    internal Uri Address { get; }

    internal static async Task<SampleModelServer> StartAsync(TimeSpan tokenDelay, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, static listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.MapPost("/v1/chat/completions", new SampleChat(tokenDelay, TimeProvider.System).AnswerAsync);
        app.MapPost("/v1/responses", new SampleResponses(tokenDelay, TimeProvider.System).AnswerAsync);
        app.MapPost("/v1/embeddings", SampleEmbeddings.AnswerAsync);
        app.MapPost("/v1/messages", new SampleMessages(tokenDelay, TimeProvider.System).AnswerAsync);
        app.MapPost("/v1/messages/count_tokens", SampleMessages.CountAsync);
        await app.StartAsync(cancellationToken);
        return new SampleModelServer(app, new Uri(new Uri(app.Urls.First()), "/v1/"));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
