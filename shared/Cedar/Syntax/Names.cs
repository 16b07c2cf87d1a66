using System.Buffers;

namespace Proofgate.Cedar.Syntax;

/// <summary>What may be an identifier. Keywords are those of the Cedar grammar that no name may contain.</summary>
internal static class Names
{
    private static readonly SearchValues<char> Letters =
        SearchValues.Create("_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    public static bool IsStart(char c) => char.IsAsciiLetter(c) || c == '_';

    public static bool IsPart(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    /// <summary>Reserved in paths, attributes and variables; allowed as annotation keys.</summary>
    public static bool IsReserved(ReadOnlySpan<char> name) =>
        name is "true" or "false" or "if" or "then" or "else" or "in" or "is" or "like" or "has" or "__cedar";

    public static bool IsIdentifier(ReadOnlySpan<char> name) =>
        !name.IsEmpty && IsStart(name[0]) && !name.ContainsAnyExcept(Letters);

    public static bool IsPath(ReadOnlySpan<char> path)
    {
        while (true)
        {
            var end = path.IndexOf("::");
            var name = end < 0 ? path : path[..end];
            if (!IsIdentifier(name) || IsReserved(name))
                return false;
            if (end < 0)
                return true;
            path = path[(end + 2)..];
        }
    }
}
