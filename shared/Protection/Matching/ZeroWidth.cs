using System.Buffers;
using Proofgate.Protection.Automata;

namespace Proofgate.Protection.Matching;

/// <summary>
/// Characters that take no room on the screen (Unicode Default_Ignorable_Code_Point, blanks apart). The matcher does not see them, so a
/// value with some inside is still found; they are redacted with it.
/// </summary>
internal static class ZeroWidth
{
    private static readonly SearchValues<char> Values;

    /// <summary>High surrogates of U+E0000 to U+E0FFF (tags, variation selectors): the low one that follows is zero-width too.</summary>
    private const char FirstTag = '\uDB40', LastTag = '\uDB43';

    static ZeroWidth()
    {
        Set = new CharSet(
        [
            ('\u00AD', '\u00AD'), ('\u034F', '\u034F'), ('\u061C', '\u061C'), ('\u17B4', '\u17B5'), ('\u180B', '\u180F'),
            ('\u200B', '\u200F'), ('\u202A', '\u202E'), ('\u2060', '\u206F'), ('\uFE00', '\uFE0F'), ('\uFEFF', '\uFEFF'),
            ('\uFFF0', '\uFFF8'), (FirstTag, LastTag),
        ]);
        var values = Set.Ranges.SelectMany(range => Enumerable.Range(range.From, range.To - range.From + 1)).Select(c => (char)c);
        Values = SearchValues.Create([.. values]);
    }

    internal static CharSet Set { get; }

    internal static bool Contains(char c) => Values.Contains(c);

    internal static bool OccursIn(ReadOnlySpan<char> text) => text.ContainsAny(Values);

    /// <summary>True for the first half of a zero-width character outside the basic plane.</summary>
    internal static bool IsTag(char c) => c is >= FirstTag and <= LastTag;

    /// <summary>
    /// Copies the visible characters of <paramref name="text"/> to <paramref name="room"/> and gives the part that was filled.
    /// </summary>
    internal static ReadOnlySpan<char> Without(ReadOnlySpan<char> text, Span<char> room)
    {
        var (kept, tag) = (0, false);
        foreach (var c in text)
        {
            if (!Contains(c) && !(tag && char.IsLowSurrogate(c)))
                room[kept++] = c;
            tag = IsTag(c);
        }

        return room[..kept];
    }
}
