using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Azure.Core;
using Proofgate.AzureStores.Accounts;
using Proofgate.Policy.Signing;

namespace Proofgate.AzureStores.Policies;

/// <summary>
/// Signs by a key that nobody can read: one POST to Key Vault's <c>sign</c> (REST API 7.4), because the registry at hand has no package for keys. What it signs is
/// verified under the host's public key before it is used, so a wrong key is found at the first activation.
/// </summary>
internal sealed class KeyVaultSigner(Uri keyAddress, string name, TokenCredential credential, HttpMessageHandler handler) : IPolicySigner, IDisposable
{
    private const string Scope = "https://vault.azure.net/.default";
    private const int MaxAnswerBytes = 16 * 1024;

    private readonly HttpClient _http = new(handler, disposeHandler: true)
    {
        Timeout = ClientSettings.NetworkTimeout,
        MaxResponseContentBufferSize = MaxAnswerBytes,
    };

    public string Key => name;

    public async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{keyAddress.ToString().TrimEnd('/')}/sign?api-version=7.4"));
            var token = await credential.GetTokenAsync(new TokenRequestContext([Scope]), cancellationToken).ConfigureAwait(false);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
            request.Content = new ByteArrayContent(Body(SHA256.HashData(data.Span))) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                throw Unavailable($"status {(int)response.StatusCode}", null);
            using var answer = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
            return Base64Url.DecodeFromChars(answer.RootElement.GetProperty("value").GetString());
        }
        catch (Exception e) when (e is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            throw Unavailable("its answer was not understood", e);
        }
        catch (Exception e) when (Outage.Is(e, cancellationToken) && e is not StoreUnavailableException)
        {
            throw Unavailable(Outage.Describe(e), e);
        }
    }

    public void Dispose() => _http.Dispose();

    private static byte[] Body(byte[] digest)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("alg"u8, "ES256"u8);
            json.WriteString("value"u8, Base64Url.EncodeToString(digest));
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private StoreUnavailableException Unavailable(string problem, Exception? inner) => new($"The key '{name}' in Key Vault did not sign: {problem}.", inner);
}
