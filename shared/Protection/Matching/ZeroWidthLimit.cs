namespace Proofgate.Protection.Matching;

/// <summary>
/// Cuts runs of zero-width characters to <see cref="Longest"/>. No script has longer ones, and without a limit a text could make a
/// match that is alive hold back any amount.
/// </summary>
internal struct ZeroWidthLimit
{
    internal const int Longest = 64;

    private int _run;
    private bool _tag;
    private bool _dropped;

    /// <summary>Copies what is kept of <paramref name="text"/> and returns its length. The room must be as long as the text.</summary>
    internal int Copy(ReadOnlySpan<char> text, Span<char> room)
    {
        if (!_tag && !ZeroWidth.OccursIn(text))
        {
            text.CopyTo(room);
            _run = text.IsEmpty ? _run : 0;
            return text.Length;
        }

        var kept = 0;
        foreach (var c in text)
        {
            if (_tag && char.IsLowSurrogate(c))
            {
                _tag = false;
            }
            else if (ZeroWidth.Contains(c))
            {
                _tag = ZeroWidth.IsTag(c);
                _dropped = ++_run > Longest;
            }
            else
            {
                (_run, _tag, _dropped) = (0, false, false);
            }

            if (!_dropped)
                room[kept++] = c;
        }

        return kept;
    }

    /// <summary>The same for a whole text; the text itself if nothing is cut.</summary>
    internal static string Apply(string text)
    {
        if (!ZeroWidth.OccursIn(text))
            return text;
        var room = new char[text.Length];
        var kept = default(ZeroWidthLimit).Copy(text, room);
        return kept == text.Length ? text : new string(room, 0, kept);
    }
}
