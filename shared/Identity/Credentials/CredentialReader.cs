using System.Buffers;
using System.Net;
using Microsoft.Extensions.Primitives;
using static Proofgate.Identity.AuthenticationResult;

namespace Proofgate.Identity.Credentials;

/// <summary>Finds the one credential of a request in its headers (RFC 9110, 11.6.2; RFC 6750, 2.1). A query string is never looked at (H4).</summary>
internal static class CredentialReader
{
    /// <summary>token68 of RFC 9110, 11.2.</summary>
    private static readonly SearchValues<char> Token68 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    /// <returns>What is wrong, or null.</returns>
    internal static Refused? Read(in PresentedRequest request, IPAddress? address, int longest, out Credential credential)
    {
        credential = default;
        var authorization = request.Headers.Authorization;
        var azure = request.Headers["api-key"];
        var anthropic = request.Headers["x-api-key"];
        var values = authorization.Count + azure.Count + anthropic.Count;
        if (values != 1)
        {
            return values == 0 ? Refusals.NoCredential : Refusals.SeveralCredentials;
        }

        var value = Only(authorization, azure, anthropic).AsMemory().Trim(" \t");
        if (value.Length > longest)
        {
            return Refusals.TooLong;
        }

        var carrier = CredentialCarrier.KeyHeader;
        if (authorization.Count == 1 && ReadScheme(ref value, out carrier) is { } refusal)
        {
            return refusal;
        }

        if (value.IsEmpty)
        {
            return Refusals.NoCredential;
        }

        if (value.Span.ContainsAnyExcept(Token68))
        {
            return Refusals.Malformed;
        }

        credential = new Credential(carrier, value, request, address);
        return null;
    }

    private static string? Only(StringValues authorization, StringValues azure, StringValues anthropic) =>
        authorization.Count == 1 ? authorization[0] : azure.Count == 1 ? azure[0] : anthropic[0];

    private static Refused? ReadScheme(ref ReadOnlyMemory<char> value, out CredentialCarrier carrier)
    {
        var span = value.Span;
        var end = span.IndexOf(' ');
        var scheme = end < 0 ? span : span[..end];
        carrier = CredentialCarrier.Bearer;
        if (scheme.Equals("DPoP", StringComparison.OrdinalIgnoreCase))
        {
            carrier = CredentialCarrier.DPoP;
        }
        else if (!scheme.IsEmpty && !scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return Refusals.UnsupportedScheme;
        }

        value = end < 0 ? default : value[end..].TrimStart(' ');
        return null;
    }
}
