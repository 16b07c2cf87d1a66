using System.Buffers;
using System.Net;
using System.Net.Http.Headers;

namespace Proofgate.Client.Proofs;

/// <summary>The gateway's last nonce (RFC 9449, 9), shared by all handlers of one client.</summary>
internal sealed class NonceMemory
{
    private const int MaxLength = 1024;

    /// <summary>NQCHAR of RFC 6749, appendix A.</summary>
    private static readonly SearchValues<char> Characters = SearchValues.Create(
        [.. Enumerable.Range(0x21, 0x7E - 0x20).Select(static c => (char)c).Where(static c => c is not ('"' or '\\'))]);

    private volatile string? _latest;

    internal string? Latest => _latest;

    /// <summary>Remembers the answer's nonce, on success too: it may have been renewed.</summary>
    /// <returns>Whether the answer asks for the same request again, with the nonce that it brought.</returns>
    internal bool Learn(HttpResponseMessage response)
    {
        if (!response.Headers.TryGetValues("DPoP-Nonce", out var values) || values.ToArray() is not [{ Length: > 0 and <= MaxLength } nonce]
            || nonce.AsSpan().ContainsAnyExcept(Characters))
        {
            return false;
        }

        _latest = nonce;
        return response.StatusCode == HttpStatusCode.Unauthorized && response.Headers.WwwAuthenticate.Any(AsksForNonce);
    }

    private static bool AsksForNonce(AuthenticationHeaderValue challenge) =>
        challenge.Scheme.Equals("DPoP", StringComparison.OrdinalIgnoreCase) && ErrorOf(challenge.Parameter) is "use_dpop_nonce";

    /// <summary>The parameter <c>error</c> itself (RFC 9110, 11.2), and not a description that quotes it.</summary>
    private static ReadOnlySpan<char> ErrorOf(ReadOnlySpan<char> parameters)
    {
        while (!parameters.IsEmpty)
        {
            var end = EndOfParameter(parameters);
            var parameter = parameters[..end];
            parameters = parameters[Math.Min(end + 1, parameters.Length)..];
            var equals = parameter.IndexOf('=');
            if (equals > 0 && parameter[..equals].Trim().Equals("error", StringComparison.OrdinalIgnoreCase))
            {
                return parameter[(equals + 1)..].Trim().Trim('"');
            }
        }

        return default;
    }

    private static int EndOfParameter(ReadOnlySpan<char> text)
    {
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\\' when quoted:
                    i++;
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    return i;
            }
        }

        return text.Length;
    }
}
