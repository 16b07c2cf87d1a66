using System.Buffers;

namespace Proofgate.Cli;

/// <summary>A key or token. It never prints itself: what shows or sends it says so with <see cref="Reveal"/>.</summary>
internal sealed class Secret
{
    internal const int MaxLength = 8192;

    // The characters of a bearer token (RFC 6750, 2.1): nothing that could end a header early.
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    private readonly string _value;

    private Secret(string value) => _value = value;

    /// <summary>Reads a key with the line end that files have. Null where it is empty, too long or not a bearer token.</summary>
    internal static Secret? Parse(string? text)
    {
        var value = text.AsSpan().Trim();
        return value.Length is > 0 and <= MaxLength && !value.ContainsAnyExcept(Allowed) ? new Secret(value.ToString()) : null;
    }

    internal string Reveal() => _value;

    public override string ToString() => "(secret)";
}
