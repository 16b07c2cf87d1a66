using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Proofgate.Audit;
using Proofgate.Cli.Gateway.Wire;

namespace Proofgate.Cli.Gateway;

/// <summary>
/// Fetches files of the evidence: bounded, and again where the gateway is busy or out of reach for a while. That anybody is limited and each read of entries is
/// recorded makes a long verification slow, not wrong.
/// </summary>
internal sealed class EvidenceFetch(GatewayClient client, Credential credential, TimeProvider time)
{
    private const int MaxAttempts = 8;

    private static readonly TimeSpan AttemptTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(60);

    /// <param name="path">Below the gateway's address.</param>
    /// <param name="maxBytes">More are an <see cref="EvidenceDamagedException"/>.</param>
    /// <param name="fresh">Whether no cache on the way may answer.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <returns>Null if the gateway has no such file.</returns>
    /// <exception cref="EvidenceUnavailableException">It cannot be had: refused, or out of reach.</exception>
    internal async Task<byte[]?> GetAsync(string path, int maxBytes, bool fresh, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var late = new CancellationTokenSource(AttemptTime, time);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
            TimeSpan? asked = null;
            string why;
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.CacheControl = fresh ? new CacheControlHeaderValue { NoCache = true } : null;
                using var response = await client.SendAsync(request, stop.Token);
                if (response.IsSuccessStatusCode)
                {
                    return await ReadAsync(response, path, maxBytes, stop.Token);
                }

                var error = await FailureReader.ReadAsync(response, credential, stop.Token, client.AddressOption);
                if (response.StatusCode == HttpStatusCode.NotFound && error.Code is "not_found" or "bundle_not_found")
                {
                    return null;
                }

                why = error.Message;
                if (response.StatusCode != HttpStatusCode.TooManyRequests && (int)response.StatusCode < 500)
                {
                    throw new EvidenceUnavailableException($"'{path}': {why}");
                }

                asked = response.Headers.RetryAfter?.Delta;
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException)
            {
                why = failure is HttpRequestException http ? client.Unreachable(http).Message : "the connection broke.";
            }
            catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                why = GatewayClient.TimedOut(AttemptTime).Message;
            }

            if (attempt == MaxAttempts)
            {
                throw new EvidenceUnavailableException($"'{path}', asked for {attempt} times: {why}");
            }

            var pause = asked ?? FirstPause * (1 << (attempt - 1));
            await Task.Delay(pause < LongestPause ? pause : LongestPause, time, cancellationToken);
        }
    }

    internal Task<TenantLogs> TenantLogsAsync(string tenant, CancellationToken cancellationToken) =>
        DocumentAsync($"audit/events?tenant={Uri.EscapeDataString(tenant)}", CliJson.Default.TenantLogs, cancellationToken);

    internal Task<TenantPage> TenantEventsAsync(string tenant, string log, long size, long from, CancellationToken cancellationToken) => DocumentAsync(
        FormattableString.Invariant($"audit/events/{log}?tenant={Uri.EscapeDataString(tenant)}&size={size}&from={from}"), CliJson.Default.TenantPage, cancellationToken);

    private async Task<T> DocumentAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            if (await GetAsync(path, (int)GatewayClient.MaxAnswerBytes, fresh: true, cancellationToken) is { } bytes && JsonSerializer.Deserialize(bytes, type) is { } document)
            {
                return document;
            }
        }
        catch (JsonException)
        {
            // Said below, without the parser's message: it can quote the answer.
        }

        throw new EvidenceUnavailableException("The gateway gives no events of tenants, or its answer is not understood: update it, or proofgate.");
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, string path, int maxBytes, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > maxBytes)
        {
            throw TooLong(path, maxBytes);
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var bytes = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (bytes.Length + read > maxBytes)
            {
                throw TooLong(path, maxBytes);
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }

    private static EvidenceDamagedException TooLong(string path, int maxBytes) => new($"'{path}' has over {maxBytes} bytes, which is more than it can have.");
}
