using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Notes;
using Proofgate.Outbound;

namespace Proofgate.Audit.Cosigning;

/// <summary>Submits checkpoints to witnesses: one bounded POST, one bounded answer, no redirect, and no connection into networks that settings do not list.</summary>
internal sealed class WitnessClient : IDisposable
{
    private const int MaxAnswerBytes = 16 * 1024;
    private const int MaxHeaderKilobytes = 16;

    private readonly HttpClient _http;

    internal WitnessClient(OutboundGuard guard, TimeSpan timeout) => _http = new HttpClient(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectCallback = guard.ConnectAsync,
        ConnectTimeout = timeout,
        MaxResponseHeadersLength = MaxHeaderKilobytes,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = timeout,
        MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    internal async Task<WitnessReply> AddAsync(WitnessEndpoint witness, byte[] request, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new ByteArrayContent(request);
            content.Headers.ContentType = new MediaTypeHeaderValue("text/plain") { CharSet = "utf-8" };
            using var answer = await _http.PostAsync(witness.AddCheckpoint, content, cancellationToken).ConfigureAwait(false);
            var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            return (answer.StatusCode, (int)answer.StatusCode) switch
            {
                (HttpStatusCode.OK, _) => SignedNote.TryParseSignatures(body, out var signatures)
                    ? new WitnessReply.Cosigned(signatures)
                    : new WitnessReply.Silent("its answer is no cosignature"),
                (HttpStatusCode.Conflict, _) => TrySize(body, out var size) ? new WitnessReply.Holds(size) : new WitnessReply.Silent("its answer is no size"),
                (_, 400 or 403 or 404 or 422) => new WitnessReply.Refused((int)answer.StatusCode),
                (_, var status) => new WitnessReply.Silent(string.Create(CultureInfo.InvariantCulture, $"status {status}")),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new WitnessReply.Silent(string.Create(CultureInfo.InvariantCulture, $"no answer in {_http.Timeout.TotalSeconds:0.#} s"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new WitnessReply.Silent(
                OutboundRefusedException.IsCauseOf(e) ? $"its address is not public, and {OutboundOptions.Section} does not list it"
                : e is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } ? "its answer is too long"
                : "no connection");
        }
    }

    public void Dispose() => _http.Dispose();

    private static bool TrySize(byte[] body, out long size)
    {
        size = 0;
        return body.Length is > 1 and <= 20 && body[^1] == '\n' && Checkpoint.TrySize(Encoding.ASCII.GetString(body.AsSpan(..^1)), out size);
    }
}
