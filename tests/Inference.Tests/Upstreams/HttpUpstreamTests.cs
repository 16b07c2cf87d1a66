using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Inference.Models;
using Proofgate.Inference.Relay;
using Proofgate.Inference.Tests.Support;
using Proofgate.Inference.Upstreams;
using Proofgate.Outbound;
using Proofgate.Tests.Support;

namespace Proofgate.Inference.Tests.Upstreams;

/// <summary>The one client for all providers, against a real server on loopback.</summary>
public sealed class HttpUpstreamTests : IAsyncLifetime, IDisposable
{
    private readonly House _house = new();
    private readonly List<(string Path, IHeaderDictionary Headers, string Body)> _seen = [];
    private RequestDelegate _answer = static http => http.Response.WriteAsync("{}");
    private WebApplication _server = null!;
    private Uri _address = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            _seen.Add((http.Request.Path, new HeaderDictionary(http.Request.Headers.ToDictionary()), await reader.ReadToEndAsync()));
            await _answer(http);
        });
        await _server.StartAsync();
        var addresses = _server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        _address = new Uri(addresses.Addresses.Single() + "/v1/");
    }

    public async Task DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task Request_HasNothingOfTheCallers_ButTheInspectedBody()
    {
        using var upstream = Upstream();
        await using var call = await _house.AdmitAsync(_address, UpstreamAuthentication.Bearer, "provider-secret");
        await using (await upstream.SendAsync(call, CancellationToken.None))
        {
            var (path, headers, body) = Assert.Single(_seen);
            Assert.Equal("/v1/chat/completions", path);
            Assert.Equal("Bearer provider-secret", headers.Authorization);
            Assert.Equal(
                ["Accept", "Accept-Encoding", "Authorization", "Content-Length", "Content-Type", "Host"], headers.Keys.Order(StringComparer.Ordinal));
            Assert.Equal("text/event-stream", headers.Accept);
            Assert.StartsWith("""{"model":"upstream-name",""", body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(UpstreamAuthentication.None, "Accept", "Accept-Encoding", "Content-Length", "Content-Type", "Host")]
    [InlineData(UpstreamAuthentication.ApiKey, "Accept", "Accept-Encoding", "Content-Length", "Content-Type", "Host", "api-key")]
    public async Task Request_CarriesTheSecret_AsTheUpstreamWantsIt(UpstreamAuthentication authentication, params string[] names)
    {
        using var upstream = Upstream();
        await using var call = await _house.AdmitAsync(_address, authentication, "provider-secret");
        await using (await upstream.SendAsync(call, CancellationToken.None))
        {
            var headers = Assert.Single(_seen).Headers;
            Assert.Equal(names, headers.Keys.Order(StringComparer.Ordinal));
            Assert.Equal(authentication == UpstreamAuthentication.ApiKey ? "provider-secret" : "", headers["api-key"].ToString());
        }
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        _answer = http =>
        {
            http.Response.Redirect("/elsewhere", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };
        using var upstream = Upstream();
        await using var call = await _house.AdmitAsync(_address, UpstreamAuthentication.Bearer, "provider-secret");
        await using var answer = await upstream.SendAsync(call, CancellationToken.None);

        Assert.Equal(307, answer.Status);
        Assert.False(answer.IsSuccess);
        Assert.Single(_seen);
    }

    [Fact]
    public async Task Cookies_AreNotKept()
    {
        _answer = static http =>
        {
            http.Response.Headers.SetCookie = "session=1";
            return http.Response.WriteAsync("{}");
        };
        using var upstream = Upstream();
        await using var call = await _house.AdmitAsync(_address);
        await (await upstream.SendAsync(call, CancellationToken.None)).DisposeAsync();
        await (await upstream.SendAsync(call, CancellationToken.None)).DisposeAsync();

        Assert.All(_seen, static s => Assert.Empty(s.Headers.Cookie.ToString()));
    }

    [Fact]
    public async Task Answer_IsDecompressed_BeforeItIsInspected()
    {
        _answer = static async http =>
        {
            http.Response.ContentType = "application/json";
            http.Response.Headers.ContentEncoding = "gzip";
            await using var gzip = new GZipStream(http.Response.Body, CompressionLevel.Fastest);
            await gzip.WriteAsync(Encoding.UTF8.GetBytes("""{"choices":[{"index":0,"finish_reason":"stop","message":{"content":"054-28-6917"}}]}"""));
        };
        using var upstream = Upstream();
        await using var call = await _house.AdmitAsync(_address);
        await using var answer = await upstream.SendAsync(call, CancellationToken.None);
        using var rewriter = call.Call.Speech.CreateRewriter(call.Call.Body, call.Redaction);
        var body = await new PlainRelay(Options.Create(new InferenceOptions())).ReadAsync(answer, rewriter, CancellationToken.None);

        Assert.Equal("application/json", answer.MediaType);
        Assert.Contains("[US_SSN]", Encoding.UTF8.GetString(body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_InAnUnknownEncoding_IsNotReleased()
    {
        _answer = static http =>
        {
            http.Response.Headers.ContentEncoding = "x-rot13";
            return http.Response.WriteAsync("{rot}");
        };
        using var upstream = Upstream();
        await using var call = await _house.AdmitAsync(_address);
        await using var answer = await upstream.SendAsync(call, CancellationToken.None);
        using var rewriter = call.Call.Speech.CreateRewriter(call.Call.Body, call.Redaction);

        await Assert.ThrowsAsync<AnswerFormatException>(
            () => new PlainRelay(Options.Create(new InferenceOptions())).ReadAsync(answer, rewriter, CancellationToken.None));
    }

    [Fact]
    public async Task Answer_LargerThanTheLimit_IsNotReleased()
    {
        _answer = static http => http.Response.WriteAsync("\"" + new string('x', 5000) + "\"");
        using var upstream = Upstream();
        await using var call = await _house.AdmitAsync(_address);
        await using var answer = await upstream.SendAsync(call, CancellationToken.None);
        using var rewriter = call.Call.Speech.CreateRewriter(call.Call.Body, call.Redaction);

        var error = await Assert.ThrowsAsync<AnswerFormatException>(
            () => new PlainRelay(Options.Create(new InferenceOptions { MaxAnswerBytes = 2048 })).ReadAsync(answer, rewriter, CancellationToken.None));
        Assert.Contains("2048", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SlowUpstream_IsGivenUp_AfterTheFirstTokenTimeout()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var aborted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _answer = async http =>
        {
            http.RequestAborted.Register(() => aborted.TrySetResult());
            asked.SetResult();
            await aborted.Task;
        };
        using var upstream = Upstream();
        await using var call = await _house.AdmitAsync(_address, UpstreamAuthentication.Bearer, "provider-secret");
        var sending = upstream.SendAsync(call, CancellationToken.None);
        await asked.Task;
        _house.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(sending.IsCompleted);
        _house.Time.Advance(TimeSpan.FromSeconds(2));

        var error = await Assert.ThrowsAsync<UpstreamException>(() => sending);
        Assert.True(error.TimedOut);
        Assert.DoesNotContain("provider-secret", error.ToString(), StringComparison.Ordinal);
        await aborted.Task;
    }

    [Fact]
    public async Task Cancellation_IsNoTimeout()
    {
        using var gone = new CancellationTokenSource();
        _answer = async http =>
        {
            await gone.CancelAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        };
        using var upstream = Upstream();
        await using var call = await _house.AdmitAsync(_address);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upstream.SendAsync(call, gone.Token));
    }

    [Fact]
    public async Task Address_ThatTheGuardRefuses_IsNotConnectedTo()
    {
        using var upstream = Upstream(loopback: false);
        await using var call = await _house.AdmitAsync(_address, UpstreamAuthentication.Bearer, "provider-secret");

        var error = await Assert.ThrowsAsync<UpstreamException>(() => upstream.SendAsync(call, CancellationToken.None));
        Assert.False(error.TimedOut);
        Assert.Empty(_seen);
    }

    [Fact]
    public async Task Name_ThatResolvesToThisMachine_IsNotConnectedTo()
    {
        using var upstream = Upstream(loopback: false);
        await using var call = await _house.AdmitAsync(new UriBuilder(_address) { Host = "localhost" }.Uri);

        await Assert.ThrowsAsync<UpstreamException>(() => upstream.SendAsync(call, CancellationToken.None));
        Assert.Empty(_seen);
    }

    private HttpUpstream Upstream(bool loopback = true)
    {
        var outbound = Options.Create(new OutboundOptions { AllowLoopback = loopback });
        return new HttpUpstream(new OutboundGuard(outbound), outbound, Options.Create(new InferenceOptions()), new UpstreamTokens(_house.Time), _house.Time);
    }
}
