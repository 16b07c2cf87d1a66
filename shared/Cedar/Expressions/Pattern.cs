namespace Proofgate.Cedar.Expressions;

/// <summary>The pattern of <c>like</c>: texts with a wildcard between each two of them.</summary>
internal sealed class Pattern(string[] segments)
{
    private readonly string[] _segments = segments;

    public ReadOnlySpan<string> Segments => _segments;

    /// <summary>Takes each inner segment at its first place: with nothing but stars between, an earlier match never spoils a later one.
    /// So there is no backtracking, and time is bounded by the product of the lengths.</summary>
    public bool Matches(ReadOnlySpan<char> text)
    {
        if (_segments.Length == 1)
            return text.SequenceEqual(_segments[0]);

        var last = _segments[^1];
        if (text.Length < _segments[0].Length + last.Length || !text.StartsWith(_segments[0]) || !text.EndsWith(last))
            return false;

        text = text[_segments[0].Length..^last.Length];
        foreach (var segment in _segments.AsSpan(1..^1))
        {
            var at = text.IndexOf(segment);
            if (at < 0)
                return false;
            text = text[(at + segment.Length)..];
        }

        return true;
    }
}
