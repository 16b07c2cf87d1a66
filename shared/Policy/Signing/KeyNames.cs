using System.Buffers;

namespace Proofgate.Policy.Signing;

/// <summary>What a policy key may be called.</summary>
internal static class KeyNames
{
    internal const string Rule = "1 to 64 of a-z, 0-9, - and _";

    private const int MaxLength = 64;

    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    internal static bool IsName(string? name) => name is { Length: > 0 and <= MaxLength } && !name.AsSpan().ContainsAnyExcept(Characters);
}
