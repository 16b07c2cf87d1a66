using System.Buffers;

namespace Proofgate.Client;

/// <summary>b64token of RFC 6750, 2.1. A line end in a token from a file is caught here, and not in a header.</summary>
internal static class CredentialText
{
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    internal static bool IsValid(string? text) => !string.IsNullOrEmpty(text) && !text.AsSpan().ContainsAnyExcept(Characters);
}
