using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Options;
using Proofgate.Enforcement;
using Proofgate.Inference.Dialects.Anthropic;
using Proofgate.Inference.Models;
using Proofgate.Outbound;

namespace Proofgate.Inference.Upstreams;

/// <summary>
/// Every provider is reached through this one client. The request is built from nothing of the caller's but the inspected body, and a version and betas that are on its dialect's list, so no
/// credential, cookie or forwarded header can travel upstream.
/// </summary>
internal sealed class HttpUpstream : IUpstream, IDisposable
{
    private readonly InferenceOptions _options;
    private readonly UpstreamTokens _tokens;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    public HttpUpstream(OutboundGuard guard, IOptions<OutboundOptions> outbound, IOptions<InferenceOptions> options, UpstreamTokens tokens, TimeProvider time)
    {
        _options = options.Value;
        _tokens = tokens;
        _time = time;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            // What cannot be read cannot be inspected.
            AutomaticDecompression = DecompressionMethods.All,
            ActivityHeadersPropagator = null,
            ConnectTimeout = outbound.Value.ConnectTimeout,
            ConnectCallback = guard.ConnectAsync,
            MaxConnectionsPerServer = outbound.Value.MaxConnections,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            EnableMultipleHttp2Connections = true,
            MaxResponseHeadersLength = 64,
        });
    }

    public async Task<UpstreamAnswer> SendAsync(AdmittedCall<InferenceCall> call, CancellationToken cancellationToken)
    {
        var (target, streaming) = (call.Call.Target, call.Call.Body.Stream);
        using var first = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = streaming
            ? _time.CreateTimer(static c => ((CancellationTokenSource)c!).Cancel(), first, _options.FirstTokenTimeout, Timeout.InfiniteTimeSpan)
            : null;
        HttpResponseMessage? response = null;
        UpstreamAnswer? answer = null;
        try
        {
            var credential = await CredentialAsync(target.Upstream, first.Token);
            using var request = BuildRequest(call.Call, target, credential);
            response = await _http.SendAsync(request, first.Token);
            answer = new UpstreamAnswer(response, await response.Content.ReadAsStreamAsync(first.Token))
            {
                Withheld = credential is null ? default : Encoding.UTF8.GetBytes(credential),
            };
            if (streaming && answer is { IsSuccess: true, IsStream: true } && !await answer.Events(_options.MaxEventBytes).BeginAsync(first.Token))
            {
                throw new IOException("The stream ended before its first event.");
            }

            return answer;
        }
        catch (Exception e)
        {
            var began = answer is { IsSuccess: true } && answer.Events(_options.MaxEventBytes).Heard;
            if (answer is not null)
            {
                await answer.DisposeAsync();
            }

            response?.Dispose();
            throw Told(e, target.Upstream.Name, began, cancellationToken) ?? e;
        }
    }

    public void Dispose() => _http.Dispose();

    /// <returns>Null for what is neither the provider's doing nor the network's.</returns>
    private UpstreamException? Told(Exception e, string upstream, bool began, CancellationToken cancellationToken) => e switch
    {
        OperationCanceledException when !cancellationToken.IsCancellationRequested => new UpstreamException(
            $"The upstream '{upstream}' did not begin to answer within {_options.FirstTokenTimeout.TotalSeconds:0.#} s.", timedOut: true, e)
        { AnswerBegan = began },
        AnswerFormatException or InvalidDataException or HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } => new UpstreamException(
            $"The upstream '{upstream}' sent an answer that could not be read.", timedOut: false, e)
        { AnswerBegan = true },
        HttpRequestException or IOException => new UpstreamException(
            began ? $"The upstream '{upstream}' failed before its answer had begun." : $"The upstream '{upstream}' could not be reached.", timedOut: false, e)
        { AnswerBegan = began },
        _ => null,
    };

    /// <summary>A key as the settings have it now, or a token; null where the upstream wants neither.</summary>
    private async ValueTask<string?> CredentialAsync(UpstreamEntry upstream, CancellationToken cancellationToken)
    {
        if (upstream.Authentication == UpstreamAuthentication.None)
        {
            return null;
        }

        var credential = upstream.Scope is { } scope ? await _tokens.GetAsync(upstream.Name, scope, cancellationToken) : upstream.Secret?.Reveal()?.Trim();
        // What no header can carry would be quoted by the exception that says so.
        return credential is { Length: > 0 } && credential.All(static c => c is > ' ' and <= '~')
            ? credential
            : throw new UpstreamException($"The upstream '{upstream.Name}' has no credential that can be sent.", timedOut: false);
    }

    private static HttpRequestMessage BuildRequest(InferenceCall call, ModelTarget target, string? credential)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        call.Sent.WriteUpstream(body, target.UpstreamModel);
        var content = new ReadOnlyMemoryContent(body.WrittenMemory);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, target.AddressOf(call.Speech))
        {
            Content = content,
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.Accept.ParseAdd(call.Body.Stream ? "text/event-stream" : "application/json");
        if (target.Upstream.Protocol == UpstreamProtocol.Anthropic)
        {
            request.Headers.Add("anthropic-version", call.Body.Version ?? AnthropicHeaders.DefaultVersion);
            if (call.Body.Betas.Count > 0)
            {
                request.Headers.Add("anthropic-beta", string.Join(',', call.Body.Betas));
            }
        }

        switch (target.Upstream.Authentication)
        {
            case UpstreamAuthentication.Bearer or UpstreamAuthentication.ManagedIdentity:
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential);
                break;
            case UpstreamAuthentication.ApiKey:
                request.Headers.Add("api-key", credential);
                break;
            case UpstreamAuthentication.XApiKey:
                request.Headers.Add("x-api-key", credential);
                break;
        }

        return request;
    }
}
