using System.Buffers;

namespace Proofgate.Policy.Signing;

/// <summary>SHA-256 in lower-case hex, as bundles are named.</summary>
public static class Digests
{
    private const int Length = 64;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    public static bool Is(string? text) => text is { Length: Length } && !text.AsSpan().ContainsAnyExcept(Hex);
}
