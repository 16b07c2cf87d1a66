using Proofgate.Protection.Matching;

namespace Proofgate.Protection;

/// <summary>
/// Values that a model was given and this caller may not see, as one automaton (Aho and Corasick, 1975). It stops verbatim repetition,
/// zero-width characters apart, and not inference. Immutable; made for one call.
/// </summary>
public sealed class ExactValues
{
    /// <summary>Shorter values are words, numbers and codes that occur by chance.</summary>
    public const int MinLength = 8;

    /// <summary>Most values of a call.</summary>
    public const int MaxCount = 4096;

    /// <summary>Most characters of all values of a call.</summary>
    public const int MaxTotal = 1 << 18;

    /// <summary>Longer values are looked for in parts of this length, so that little is held back.</summary>
    internal const int MaxLength = 256;

    private readonly Dictionary<(int State, char On), int> _next = [];
    private readonly List<int> _depth = [0];
    private readonly List<int> _fail = [0];
    private readonly List<int> _longest = [0];

    private ExactValues()
    {
    }

    /// <summary>Number of values that are looked for.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Takes the values that are long enough and are no common word. False, and nothing is looked for, if there are more than the limits
    /// allow: then the answer may not be released.
    /// </summary>
    public static bool TryCreate(IEnumerable<string> values, out ExactValues? exact)
    {
        ArgumentNullException.ThrowIfNull(values);
        exact = new ExactValues();
        var total = 0;
        foreach (var value in values.Select(Visible).Distinct(StringComparer.Ordinal).Where(IsSought))
        {
            total += value.Length;
            if (++exact.Count > MaxCount || total > MaxTotal)
            {
                exact = null;
                return false;
            }

            // Parts overlap, so that they are one redaction, and the last is long enough too.
            exact.Add(value.AsSpan(0, Math.Min(value.Length, MaxLength)));
            for (var at = MaxLength - 1; at < value.Length; at += MaxLength - 1)
            {
                var from = Math.Min(at, value.Length - MinLength);
                exact.Add(value.AsSpan(from, Math.Min(MaxLength, value.Length - from)));
            }
        }

        exact.Link();
        return true;
    }

    /// <summary>Whether a value is long enough and no common word: others are not looked for.</summary>
    public static bool CanFind(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return IsSought(Visible(value));
    }

    /// <summary>The state after one more character, and how many look-ups it took.</summary>
    internal int Step(int state, char c, ref long steps)
    {
        int to;
        while (!_next.TryGetValue((state, c), out to))
        {
            steps++;
            if (state == 0)
                return 0;
            state = _fail[state];
        }

        steps++;
        return to;
    }

    /// <summary>Characters of the longest beginning of a value that ends here.</summary>
    internal int Depth(int state) => _depth[state];

    /// <summary>Characters of the longest value that ends here; 0 if none does.</summary>
    internal int Longest(int state) => _longest[state];

    private static bool IsSought(string visible) => visible.Length >= MinLength && !CommonWords.Contains(visible);

    private static string Visible(string value) =>
        ZeroWidth.OccursIn(value) ? ZeroWidth.Without(value, new char[value.Length]).ToString() : value;

    private void Add(ReadOnlySpan<char> value)
    {
        var state = 0;
        foreach (var c in value)
        {
            if (!_next.TryGetValue((state, c), out var to))
            {
                to = _depth.Count;
                _next.Add((state, c), to);
                _depth.Add(_depth[state] + 1);
                _fail.Add(0);
                _longest.Add(0);
            }

            state = to;
        }

        _longest[state] = _depth[state];
    }

    private void Link()
    {
        // Shallow states first: where a state falls back to is known before what follows it.
        long steps = 0;
        foreach (var ((from, on), to) in _next.OrderBy(edge => _depth[edge.Value]).ToArray())
        {
            if (from != 0)
                _fail[to] = Step(_fail[from], on, ref steps);
            if (_longest[to] == 0)
                _longest[to] = _longest[_fail[to]];
        }
    }
}
