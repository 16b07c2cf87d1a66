namespace Proofgate.Protection;

/// <summary>
/// Values that a recogniser found in the texts of one call: names, places, whatever rules cannot know. Each is found again wherever it stands as words of its own, so
/// that a name is hidden throughout and not only where it was recognised. Immutable.
/// </summary>
public sealed class NamedValues
{
    /// <summary>Longest value, in characters.</summary>
    public const int MaxLength = 1024;

    /// <summary>Most values of a call.</summary>
    public const int MaxCount = 16_384;

    private readonly Dictionary<(int State, char On), int> _next = [];
    private readonly List<Kind?> _ends = [null];

    /// <param name="values">Each with a letter or a digit at both ends. Of one value with several kinds the first counts.</param>
    public NamedValues(IEnumerable<(Kind Kind, string Value)> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var kinds = new HashSet<Kind>();
        foreach (var (kind, value) in values)
        {
            if (Add(kind, value))
                kinds.Add(kind);
        }

        Kinds = kinds;
    }

    public static NamedValues None { get; } = new([]);

    public IReadOnlySet<Kind> Kinds { get; }

    public int Count { get; private set; }

    /// <summary>Whether a character is part of a word: next to one of these a value is part of another.</summary>
    public static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_' || char.IsSurrogate(c);

    /// <summary>Where those stand in a text whose kinds are <paramref name="wanted"/>: in order. Ones that overlap are one, of the first one's kind.</summary>
    public IReadOnlyList<NamedSpan> In(ReadOnlySpan<char> text, Predicate<Kind> wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        if (Count == 0)
            return [];
        List<NamedSpan>? spans = null;
        for (var at = 0; at < text.Length; at++)
        {
            if ((at > 0 && IsWord(text[at - 1])) || Longest(text[at..], wanted) is not { } found)
                continue;
            var span = new NamedSpan(at, at + found.Length, found.Kind);
            if (spans is not null && span.Start < spans[^1].End)
                spans[^1] = spans[^1] with { End = Math.Max(spans[^1].End, span.End) };
            else
                (spans ??= []).Add(span);
        }

        return spans ?? [];
    }

    private (int Length, Kind Kind)? Longest(ReadOnlySpan<char> text, Predicate<Kind> wanted)
    {
        (int, Kind)? longest = null;
        for (var (state, at) = (0, 0); at < text.Length && _next.TryGetValue((state, text[at]), out state); at++)
        {
            if (_ends[state] is { } kind && wanted(kind) && (at + 1 == text.Length || !IsWord(text[at + 1])))
                longest = (at + 1, kind);
        }

        return longest;
    }

    private bool Add(Kind kind, string value)
    {
        if (value.Length is 0 or > MaxLength || Count == MaxCount)
            throw new ArgumentException($"A value has 1 to {MaxLength} characters, and there are {MaxCount} at most.", nameof(value));
        var state = 0;
        foreach (var c in value)
        {
            if (!_next.TryGetValue((state, c), out var to))
            {
                to = _ends.Count;
                _next.Add((state, c), to);
                _ends.Add(null);
            }

            state = to;
        }

        if (_ends[state] is not null)
            return false;
        _ends[state] = kind;
        Count++;
        return true;
    }
}
