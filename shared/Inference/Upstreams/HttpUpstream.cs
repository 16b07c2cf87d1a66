using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
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
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    public HttpUpstream(OutboundGuard guard, IOptions<OutboundOptions> outbound, IOptions<InferenceOptions> options, TimeProvider time)
    {
        _options = options.Value;
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
        var target = call.Call.Target;
        using var request = BuildRequest(call.Call, target);
        using var first = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = _time.CreateTimer(static c => ((CancellationTokenSource)c!).Cancel(), first, _options.FirstByteTimeout, Timeout.InfiniteTimeSpan);
        HttpResponseMessage? response = null;
        try
        {
            response = await _http.SendAsync(request, first.Token);
            return new UpstreamAnswer(response, await response.Content.ReadAsStreamAsync(first.Token));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            response?.Dispose();
            throw new UpstreamException(
                $"The upstream '{target.Upstream.Name}' did not begin to answer within {_options.FirstByteTimeout.TotalSeconds:0} s.", timedOut: true, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            response?.Dispose();
            throw new UpstreamException($"The upstream '{target.Upstream.Name}' could not be reached.", timedOut: false, e);
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage BuildRequest(InferenceCall call, ModelTarget target)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        call.Body.WriteUpstream(body, target.UpstreamModel);
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
            case UpstreamAuthentication.Bearer:
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", target.Upstream.Secret!.Reveal());
                break;
            case UpstreamAuthentication.ApiKey:
                request.Headers.Add("api-key", target.Upstream.Secret!.Reveal());
                break;
            case UpstreamAuthentication.XApiKey:
                request.Headers.Add("x-api-key", target.Upstream.Secret!.Reveal());
                break;
        }

        return request;
    }
}
