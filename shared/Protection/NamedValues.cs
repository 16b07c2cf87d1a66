using System.Diagnostics.CodeAnalysis;

namespace Proofgate.Protection;

/// <summary>
/// Values in the texts of one call whose kind is known otherwise than by a rule: a recogniser found them, or they stood in a column of that kind. Each is found again wherever
/// it stands as words of its own, so that a name is hidden throughout and not only where it was recognised. Immutable.
/// </summary>
public sealed class NamedValues
{
    /// <summary>Longest value, in characters.</summary>
    public const int MaxLength = 1024;

    /// <summary>Most values of a call.</summary>
    public const int MaxCount = 16_384;

    private readonly Dictionary<(int State, char On), int> _next = [];
    private readonly List<List<Kind>?> _ends = [null];
    private readonly List<(Kind Kind, string Value)> _values = [];

    /// <param name="values">Each with a letter or a digit at its end. One value may have several kinds.</param>
    public NamedValues(IEnumerable<(Kind Kind, string Value)> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var (kind, value) in values)
            Add(kind, value);
        Kinds = _values.Select(static v => v.Kind).ToHashSet();
    }

    public static NamedValues None { get; } = new([]);

    public IReadOnlySet<Kind> Kinds { get; }

    /// <summary>Number of values, each as often as it has kinds.</summary>
    public int Count => _values.Count;

    /// <summary>These and others. False if they would be too many.</summary>
    public bool TryJoin(IReadOnlyCollection<(Kind Kind, string Value)> others, [NotNullWhen(true)] out NamedValues? all)
    {
        ArgumentNullException.ThrowIfNull(others);
        all = others.Count == 0 ? this : others.Count <= MaxCount - Count ? new NamedValues(_values.Concat(others)) : null;
        return all is not null;
    }

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

    /// <summary>The text with stars for them, each character one, so that places stay.</summary>
    public string Blank(string text, Predicate<Kind> wanted)
    {
        ArgumentNullException.ThrowIfNull(text);
        var spans = In(text, wanted);
        return spans.Count == 0 ? text : string.Create(text.Length, (text, spans), static (blank, state) =>
        {
            state.text.CopyTo(blank);
            foreach (var span in state.spans)
                blank[span.Start..span.End].Fill('*');
        });
    }

    private (int Length, Kind Kind)? Longest(ReadOnlySpan<char> text, Predicate<Kind> wanted)
    {
        (int, Kind)? longest = null;
        for (var (state, at) = (0, 0); at < text.Length && _next.TryGetValue((state, text[at]), out state); at++)
        {
            if (_ends[state] is { } kinds && kinds.FindIndex(wanted) is >= 0 and var which && (at + 1 == text.Length || !IsWord(text[at + 1])))
                longest = (at + 1, kinds[which]);
        }

        return longest;
    }

    private void Add(Kind kind, string value)
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

        var kinds = _ends[state] ??= new(1);
        if (kinds.Contains(kind))
            return;
        kinds.Add(kind);
        _values.Add((kind, value));
    }
}
