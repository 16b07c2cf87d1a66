using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Proofgate.Identity.Tokens;

/// <summary>Reads what issuers publish: discovery (OpenID Connect Discovery 1.0, 4) and JWK sets. Bounded in size and time, no redirects.</summary>
internal sealed class IssuerClient : IDisposable
{
    internal const int MaxBytes = 1024 * 1024;

    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http;
    private readonly TimeProvider _time;

    public IssuerClient(IOptions<IssuersOptions> options, TimeProvider time)
    {
        _time = time;
        var addresses = new IssuerAddresses(options.Value.Issuers.Values.Select(static i => HostOf(i.JwksUri ?? MetadataAddress(i))).OfType<string>());
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxConnectionsPerServer = 4,
            MaxResponseHeadersLength = 32,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = addresses.ConnectAsync,
        })
        {
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
    }

    /// <exception cref="Exception">Whatever kept the issuer from answering as it must.</exception>
    internal async Task<IReadOnlyList<SigningKey>> ReadKeysAsync(IssuerOptions issuer)
    {
        var address = issuer.JwksUri is null ? await DiscoverAsync(issuer).ConfigureAwait(false) : new Uri(issuer.JwksUri);
        var set = await ReadAsync(address).ConfigureAwait(false);
        return set.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Array
            ? JwkReader.Read(keys)
            : throw new IssuerOutageException("The key set has no list of keys.");
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A document that names another issuer would lend that one's keys to this (OpenID Connect Discovery 1.0, 4.3).</summary>
    private async Task<Uri> DiscoverAsync(IssuerOptions issuer)
    {
        var metadata = new Uri(MetadataAddress(issuer));
        var document = await ReadAsync(metadata).ConfigureAwait(false);
        if (document.Text("issuer") != issuer.Issuer)
        {
            throw new IssuerOutageException("The discovery document names another issuer.");
        }

        // A remote document must not send us to our own loopback.
        return IssuerRules.IsSafe(document.Text("jwks_uri"), out var keys) && (keys.Scheme == Uri.UriSchemeHttps || metadata.IsLoopback)
            ? keys
            : throw new IssuerOutageException("The discovery document has no jwks_uri with https.");
    }

    private async Task<JsonElement> ReadAsync(Uri address)
    {
        using var timeout = new CancellationTokenSource(Timeout, _time);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("application/json");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, timeout.Token).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new IssuerOutageException($"{address.Host} answered {(int)response.StatusCode}.");
        }

        var body = await response.Content.ReadAsStreamAsync(timeout.Token).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            return TokenJson.TryParseObject(await ReadAsync(body, timeout.Token).ConfigureAwait(false), out var json)
                ? json
                : throw new IssuerOutageException($"{address.Host} answered with something else than a plain JSON object.");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var bytes = new byte[16 * 1024];
        var length = 0;
        while (await body.ReadAsync(bytes.AsMemory(length), cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            length += read;
            if (length > MaxBytes)
            {
                throw new IssuerOutageException($"The answer is longer than {MaxBytes} bytes.");
            }

            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, length * 2);
            }
        }

        return bytes.AsMemory(0, length);
    }

    private static string MetadataAddress(IssuerOptions issuer) => issuer.MetadataAddress ?? issuer.Issuer.TrimEnd('/') + "/.well-known/openid-configuration";

    private static string? HostOf(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.IdnHost : null;
}
