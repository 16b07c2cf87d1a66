using System.Buffers;

namespace Proofgate.Protection.Matching;

/// <summary>
/// The form of placeholders: <c>[KIND_number_token]</c>, and with one <c>=</c> or more after the bracket a text that only looked like one.
/// </summary>
internal static class PlaceholderText
{
    /// <summary>Longest text that is looked at as a placeholder, with its brackets; a longer one is none.</summary>
    internal const int MaxLength = 128;

    /// <summary>True for what can stand between the brackets.</summary>
    internal static bool IsInner(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '=';

    /// <summary>True if <paramref name="text"/>, from bracket to bracket, has the form.</summary>
    internal static bool IsLike(ReadOnlySpan<char> text)
    {
        if (text.Length is < 3 or > MaxLength || text[0] != '[' || text[^1] != ']')
            return false;
        var inner = text[1..^1].TrimStart('=');
        var token = inner.LastIndexOf('_');
        if (token < 0 || inner.Length - token - 1 != PlaceholderMap.TokenLength || inner[(token + 1)..].ContainsAnyExcept(Base62))
            return false;
        var number = inner[..token].LastIndexOf('_');
        return number > 0 && number < token - 1 && !inner[(number + 1)..token].ContainsAnyExceptInRange('0', '9') && Kind.TryParse(inner[..number], out _);
    }

    /// <summary>Adds a <c>=</c> to everything that looks like a placeholder.</summary>
    internal static string Escape(string text)
    {
        ArrayBufferWriter<char>? result = null;
        var done = 0;
        for (var open = text.IndexOf('['); open >= 0; open = Next(text, open))
        {
            var length = text.AsSpan(open, Math.Min(MaxLength, text.Length - open)).IndexOf(']') + 1;
            if (!IsLike(text.AsSpan(open, length)))
                continue;
            result ??= new ArrayBufferWriter<char>(text.Length + 16);
            result.Write(text.AsSpan(done, open + 1 - done));
            result.Write("=");
            done = open + 1;
        }

        if (result is null)
            return text;
        result.Write(text.AsSpan(done));
        return result.WrittenSpan.ToString();
    }

    private static SearchValues<char> Base62 { get; } = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static int Next(string text, int open) => open + 1 < text.Length ? text.IndexOf('[', open + 1) : -1;
}
