using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Cosigning;
using Proofgate.Audit.Notes;
using Proofgate.Support;

namespace Proofgate.Audit.Tests.Doubles;

/// <summary>A witness on a port of its own, which answers as a real one does unless a test has it do something else.</summary>
internal sealed class PlayedWitness : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Ed25519Signer _key = Ed25519Signer.Generate();
    private readonly WebApplication _app;

    private PlayedWitness(IReadOnlyList<VerifierKey> logs, TimeProvider time)
    {
        Cosigner = new Cosigner($"witness.example/{Guid.NewGuid():N}", _key, time);
        Real = new Witness(_folder.Path, Cosigner, logs);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Map("/w/add-checkpoint", (RequestDelegate)AnswerAsync);
    }

    internal Cosigner Cosigner { get; }

    internal Witness Real { get; }

    /// <summary>Requests so far.</summary>
    internal List<byte[]> Asked { get; } = [];

    /// <summary>Answers instead of the witness; it may call on it.</summary>
    internal Func<HttpContext, byte[], Task>? Instead { get; set; }

    internal WitnessOptions Options => new() { Name = "W", Key = Cosigner.Key.ToString(), Address = $"{_app.Urls.First()}/w/" };

    internal WitnessEndpoint Endpoint => WitnessEndpoint.TryOf(Options, out var endpoint, out var problem) ? endpoint : throw new InvalidOperationException(problem);

    internal static async Task<PlayedWitness> StartAsync(IReadOnlyList<VerifierKey> logs, TimeProvider time)
    {
        var witness = new PlayedWitness(logs, time);
        await witness._app.StartAsync();
        return witness;
    }

    internal Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Real.Dispose();
        _key.Dispose();
        _folder.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        lock (Asked)
            Asked.Add(body.ToArray());
        if (Instead is { } instead)
        {
            await instead(http, body.ToArray());
            return;
        }

        var answer = await Real.AddAsync(body.ToArray(), http.RequestAborted);
        http.Response.StatusCode = answer.Status;
        http.Response.ContentType = answer.ContentType;
        await http.Response.WriteAsync(answer.Body);
    }
}
