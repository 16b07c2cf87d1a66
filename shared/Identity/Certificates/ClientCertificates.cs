using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Proofgate.Identity.Certificates;

/// <summary>
/// Whether a request came over mutual TLS with a certain certificate (RFC 8705, 3). Neither its chain nor its dates are judged: the token's
/// issuer has bound the token to exactly this certificate, and TLS has proved possession of its key.
/// </summary>
internal sealed class ClientCertificates(IOptions<IdentityOptions> options)
{
    private const string PlatformHeader = "X-ARR-ClientCert";

    /// <summary>Characters of base64. A certificate of 12 KiB is none that a client uses.</summary>
    private const int MaxLength = 16 * 1024;

    private readonly ClientCertificateSource _source = options.Value.ClientCertificates;

    /// <param name="request">As received.</param>
    /// <param name="thumbprint">SHA-256 of the DER certificate, base64url (M1).</param>
    /// <returns>False without a certificate too (M7).</returns>
    internal bool Matches(in PresentedRequest request, string thumbprint)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        if (!TryHash(request, hash))
        {
            return false;
        }

        Span<char> text = stackalloc char[Base64Url.GetEncodedLength(SHA256.HashSizeInBytes)];
        Base64Url.EncodeToChars(hash, text);
        return text.SequenceEqual(thumbprint);
    }

    private bool TryHash(in PresentedRequest request, Span<byte> hash)
    {
        switch (_source)
        {
            case ClientCertificateSource.Tls when request.Certificate is { } certificate:
                SHA256.HashData(certificate.RawDataMemory.Span, hash);
                return true;
            case ClientCertificateSource.Platform:
                return TryHash(request.Headers[PlatformHeader] is [{ Length: > 0 and <= MaxLength } header] ? header : null, hash);
            default:
                return false;
        }
    }

    private static bool TryHash(string? header, Span<byte> hash)
    {
        if (header is null)
        {
            return false;
        }

        var der = new byte[Encoding.ASCII.GetMaxByteCount(header.Length)];
        if (!Convert.TryFromBase64String(header, der, out var length) || length == 0)
        {
            return false;
        }

        SHA256.HashData(der.AsSpan(0, length), hash);
        return true;
    }
}
