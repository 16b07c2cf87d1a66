using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Proofgate.Client.Proofs;

/// <summary>Makes DPoP proofs (RFC 9449, 4.2), one for each request.</summary>
internal sealed class ProofMaker(DpopKeyPair keyPair, TimeProvider time)
{
    private readonly string _header = Base64Url.EncodeToString(
        Encoding.UTF8.GetBytes($$"""{"typ":"dpop+jwt","alg":"ES256","jwk":{{keyPair.PublicJwk}}}"""));

    /// <param name="method">Of the request.</param>
    /// <param name="uri">Of the request.</param>
    /// <param name="credential">Null: a proof of the key pair alone, without <c>ath</c>.</param>
    /// <param name="nonce">The server's last.</param>
    internal string Make(string method, Uri uri, string? credential, string? nonce)
    {
        var signed = $"{_header}.{Base64Url.EncodeToString(Claims(method, uri, credential, nonce))}";
        return $"{signed}.{Base64Url.EncodeToString(keyPair.Sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The request's URI without query, fragment and user info.</summary>
    internal static string TargetOf(Uri uri)
    {
        // IdnHost drops the brackets of an IPv6 address, Host does not.
        var host = uri.HostNameType == UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return uri.IsDefaultPort ? $"{uri.Scheme}://{host}{uri.AbsolutePath}" : $"{uri.Scheme}://{host}:{uri.Port}{uri.AbsolutePath}";
    }

    private ReadOnlySpan<byte> Claims(string method, Uri uri, string? credential, string? nonce)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("jti", Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
            json.WriteString("htm", method);
            json.WriteString("htu", TargetOf(uri));
            json.WriteNumber("iat", time.GetUtcNow().ToUnixTimeSeconds());
            if (credential is not null)
            {
                json.WriteString("ath", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(credential))));
            }

            if (nonce is not null)
            {
                json.WriteString("nonce", nonce);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
