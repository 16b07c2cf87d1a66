using System.Buffers;
using System.Security.Cryptography;
using Proofgate.Protection.Matching;

namespace Proofgate.Protection;

/// <summary>
/// What stands in the prompt of one call for values that must not reach the model and may come back to the caller:
/// <c>[EMAIL_ADDRESS_1_x8Kd02Qa]</c>. The same value has the same placeholder. Not thread-safe while texts are protected.
/// </summary>
/// <remarks>
/// The last part is random and of this call alone. A text that was written before the call, retrieved or sent along, cannot contain it:
/// whatever looks like a placeholder there is escaped (<c>[=EMAIL_ADDRESS_1_x8Kd02Qa]</c>), comes back as it was, and gets no value.
/// </remarks>
public sealed class PlaceholderMap
{
    /// <summary>Most values of a call. More are masked, and do not come back.</summary>
    public const int MaxCount = 4096;

    /// <summary>Longest value that comes back, in characters.</summary>
    public const int MaxValueLength = 4096;

    internal const int TokenLength = 8;
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private readonly RedactionPlan _plan;
    private readonly bool _comesBack;
    private readonly NamedValues? _names;
    private readonly HashSet<string> _withheld = new(StringComparer.Ordinal);
    private readonly Dictionary<(Kind Kind, string Value), string> _placeholders = [];
    private readonly Dictionary<string, (Kind Kind, string Value)> _values = new(StringComparer.Ordinal);

    /// <summary>Replaces the values of <paramref name="kinds"/>; those of other kinds stay.</summary>
    /// <param name="rules">The rules to find values by.</param>
    /// <param name="kinds">What is replaced.</param>
    /// <param name="comesBack">
    /// False where no answer could bring a value back (embeddings): then the mask of its kind stands for it, and the same text is the same in
    /// every call.
    /// </param>
    /// <param name="names">Values that a recogniser found; null where none was asked.</param>
    public PlaceholderMap(RuleSet rules, IReadOnlySet<Kind> kinds, bool comesBack = true, NamedValues? names = null)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(kinds);
        _plan = new RedactionPlan(rules, rules.Kinds.Where(kind => !kinds.Contains(kind)));
        (Kinds, _comesBack, _names) = (kinds, comesBack, names);
    }

    /// <summary>The kinds that are replaced.</summary>
    public IReadOnlySet<Kind> Kinds { get; }

    /// <summary>How many values were replaced, each as often as it stood there.</summary>
    public KindCounts Replaced { get; } = new();

    /// <summary>Number of values that have a placeholder.</summary>
    public int Count => _values.Count;

    /// <summary>Random, 8 base62 characters: 47 bits that the input cannot know.</summary>
    internal string Token { get; } = RandomNumberGenerator.GetString(Base62, TokenLength);

    /// <summary>Values that the caller may not see: what stands behind a placeholder and has one of them, or is part of one, does not come back.</summary>
    public void Withhold(IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var withheld in values.Where(static v => v.Length > 0))
        {
            foreach (var (placeholder, (_, value)) in _values)
            {
                if (value.Contains(withheld, StringComparison.Ordinal) || withheld.Contains(value, StringComparison.Ordinal))
                    _withheld.Add(placeholder);
            }
        }
    }

    /// <summary>The text as the model may see it: values replaced, look-alikes escaped.</summary>
    public string Protect(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var limited = ZeroWidthLimit.Apply(text);
        var spans = SpansIn(limited);
        return spans.Count == 0 ? Escaped(text) : Replace(limited, spans);
    }

    /// <summary>
    /// Whether a text that is to be sent has a value that should have been replaced. What a rule makes of a placeholder of this call, by the
    /// words around it, is none.
    /// </summary>
    public bool Leaves(ReadOnlySpan<char> text)
    {
        foreach (var span in SpansIn(text))
        {
            if (!IsOurs(text, span.Start, span.End))
                return true;
        }

        return false;
    }

    /// <summary>What is to be replaced, in order; they can overlap.</summary>
    private List<NamedSpan> SpansIn(ReadOnlySpan<char> text)
    {
        var spans = new List<NamedSpan>();
        if (Redactor.MayMatch(_plan, text))
        {
            var matcher = Matcher.OfThread;
            matcher.Reset(_plan.Rules, _plan.Masked);
            matcher.Run(text, 0, 0);
            matcher.End(text, 0, TextEnd.Finished);
            foreach (ref readonly var finding in matcher.Findings.Sorted)
                spans.Add(new NamedSpan((int)finding.Start, (int)finding.End, finding.Rule.Kind));
        }

        if (_names?.In(text, Kinds.Contains) is { Count: > 0 } named)
            spans = [.. spans.Concat(named).OrderBy(static span => span.Start)];
        return spans;
    }

    /// <summary>Whether every letter and digit of a finding is of a placeholder.</summary>
    private bool IsOurs(ReadOnlySpan<char> text, int start, int end)
    {
        var from = Math.Max(0, start + 1 - PlaceholderText.MaxLength);
        var open = from + text[from..(start + 1)].LastIndexOf('[');
        var length = LengthAt(text, open);
        if (open < from || start >= open + length)
        {
            open = start + text[start..end].IndexOf('[');
            length = open < start ? 0 : LengthAt(text, open);
        }

        return length > 0 && !HasValue(text[start..Math.Max(start, open)]) && !HasValue(text[Math.Min(end, open + length)..end]);

        static bool HasValue(ReadOnlySpan<char> rest) => rest.ContainsAnyInRange('0', 'z');
    }

    /// <summary>The length of the placeholder of this call that begins there; 0 if none does.</summary>
    private int LengthAt(ReadOnlySpan<char> text, int open)
    {
        if (open < 0)
            return 0;
        var length = text.Slice(open, Math.Min(PlaceholderText.MaxLength, text.Length - open)).IndexOf(']') + 1;
        return length > 0 && _values.GetAlternateLookup<ReadOnlySpan<char>>().ContainsKey(text.Slice(open, length)) ? length : 0;
    }

    /// <summary>The value behind a placeholder of this call; null if the caller may not see it whatever its kind.</summary>
    internal bool TryGet(ReadOnlySpan<char> placeholder, out (Kind Kind, string? Value) found)
    {
        var known = _values.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(placeholder, out var value);
        found = known && _withheld.GetAlternateLookup<ReadOnlySpan<char>>().Contains(placeholder) ? (value.Kind, null) : value;
        return known;
    }

    private string Replace(string text, List<NamedSpan> spans)
    {
        var result = new ArrayBufferWriter<char>(text.Length);
        var done = 0;
        for (var i = 0; i < spans.Count;)
        {
            // All that overlaps is one value: what the model may not see of one of them stands in the others too.
            var (start, end, kind) = spans[i];
            for (i++; i < spans.Count && spans[i].Start < end; i++)
                end = Math.Max(end, spans[i].End);
            result.Write(Escaped(text[done..start]));
            result.Write(PlaceholderOf(kind, text[start..end]) ?? $"[{kind.Name}]");
            Replaced.Add(kind);
            done = end;
        }

        result.Write(Escaped(text[done..]));
        return result.WrittenSpan.ToString();
    }

    private string Escaped(string text) => _comesBack ? PlaceholderText.Escape(text) : text;

    private string? PlaceholderOf(Kind kind, string value)
    {
        if (_placeholders.TryGetValue((kind, value), out var known))
            return known;
        if (!_comesBack || _values.Count == MaxCount || value.Length > MaxValueLength)
            return null;
        var placeholder = $"[{kind.Name}_{_values.Count + 1}_{Token}]";
        _placeholders.Add((kind, value), placeholder);
        _values.Add(placeholder, (kind, value));
        return placeholder;
    }
}
