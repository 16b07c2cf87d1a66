using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Proofgate.Identity.Jose;

/// <summary>
/// A JWS in its compact form (RFC 7515, 7.1), taken apart and not verified. Extensions (<c>crit</c>, <c>b64</c>) are not understood and hence
/// refused (RFC 7515, 4.1.11).
/// </summary>
internal sealed class CompactJws : IDisposable
{
    private readonly JsonDocument _header;

    private CompactJws(JsonDocument header, ReadOnlyMemory<byte> payload, ReadOnlyMemory<byte> signature, ReadOnlyMemory<byte> signed)
    {
        _header = header;
        Payload = payload;
        Signature = signature;
        Signed = signed;
    }

    /// <summary>The JOSE header, a JSON object. Not after <see cref="Dispose"/>.</summary>
    internal JsonElement Header => _header.RootElement;

    internal ReadOnlyMemory<byte> Payload { get; }

    internal ReadOnlyMemory<byte> Signature { get; }

    /// <summary>What the signature is over: header and payload as they were sent, with the point between them.</summary>
    internal ReadOnlyMemory<byte> Signed { get; }

    /// <param name="text">The whole of it.</param>
    /// <param name="longest">In characters.</param>
    /// <param name="jws">To be disposed of.</param>
    internal static bool TryRead(ReadOnlySpan<char> text, int longest, [NotNullWhen(true)] out CompactJws? jws)
    {
        jws = null;
        if (text.Length > longest || text.Count('.') != 2)
        {
            return false;
        }

        var first = text.IndexOf('.');
        var second = text.LastIndexOf('.');
        var headerText = text[..first];
        var payloadText = text[(first + 1)..second];
        var signatureText = text[(second + 1)..];
        if (headerText.IsEmpty || signatureText.IsEmpty)
        {
            return false;
        }

        var headerLength = Base64UrlText.LengthOf(headerText.Length);
        var payloadLength = Base64UrlText.LengthOf(payloadText.Length);
        var signatureLength = Base64UrlText.LengthOf(signatureText.Length);
        var bytes = new byte[second + headerLength + payloadLength + signatureLength];
        var header = bytes.AsMemory(second, headerLength);
        var payload = bytes.AsMemory(second + headerLength, payloadLength);
        var signature = bytes.AsMemory(second + headerLength + payloadLength);
        if (!Base64UrlText.TryDecode(headerText, header.Span, out _)
            || !Base64UrlText.TryDecode(payloadText, payload.Span, out _)
            || !Base64UrlText.TryDecode(signatureText, signature.Span, out _)
            || !StrictJson.TryParseObject(header, out var document))
        {
            return false;
        }

        if (document.RootElement.TryGetProperty("crit"u8, out _) || document.RootElement.TryGetProperty("b64"u8, out _))
        {
            document.Dispose();
            return false;
        }

        Encoding.ASCII.GetBytes(text[..second], bytes);
        jws = new CompactJws(document, payload, signature, bytes.AsMemory(0, second));
        return true;
    }

    /// <summary>The payload where it is a claim set.</summary>
    /// <param name="claims">To be disposed of.</param>
    internal bool TryReadClaims([NotNullWhen(true)] out JsonDocument? claims) => StrictJson.TryParseObject(Payload, out claims);

    public void Dispose() => _header.Dispose();
}
