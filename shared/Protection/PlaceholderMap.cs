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
    private readonly Dictionary<(Kind Kind, string Value), string> _placeholders = [];
    private readonly Dictionary<string, (Kind Kind, string Value)> _values = new(StringComparer.Ordinal);

    /// <summary>Replaces the values of <paramref name="kinds"/>; those of other kinds stay.</summary>
    public PlaceholderMap(RuleSet rules, IReadOnlySet<Kind> kinds)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(kinds);
        _plan = new RedactionPlan(rules, rules.Kinds.Where(kind => !kinds.Contains(kind)));
    }

    /// <summary>Number of values that have a placeholder.</summary>
    public int Count => _values.Count;

    /// <summary>Random, 8 base62 characters: 47 bits that the input cannot know.</summary>
    internal string Token { get; } = RandomNumberGenerator.GetString(Base62, TokenLength);

    /// <summary>The text as the model may see it: values replaced, look-alikes escaped.</summary>
    public string Protect(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!Redactor.MayMatch(_plan, text))
            return PlaceholderText.Escape(text);
        text = ZeroWidthLimit.Apply(text);
        var matcher = Matcher.OfThread;
        matcher.Reset(_plan.Rules, _plan.Masked);
        matcher.Run(text, 0, 0);
        matcher.End(text, 0, TextEnd.Finished);
        return matcher.Findings.IsEmpty ? PlaceholderText.Escape(text) : Replace(text, matcher.Findings.Sorted);
    }

    /// <summary>The value behind a placeholder of this call.</summary>
    internal bool TryGet(ReadOnlySpan<char> placeholder, out (Kind Kind, string Value) found) =>
        _values.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(placeholder, out found);

    private string Replace(string text, ReadOnlySpan<Finding> findings)
    {
        var result = new ArrayBufferWriter<char>(text.Length);
        var done = 0;
        for (var i = 0; i < findings.Length;)
        {
            // All that overlaps is one value: what the model may not see of one of them stands in the others too.
            var (start, end, first) = ((int)findings[i].Start, (int)findings[i].End, findings[i].Rule);
            for (i++; i < findings.Length && findings[i].Start < end; i++)
                end = Math.Max(end, (int)findings[i].End);
            result.Write(PlaceholderText.Escape(text[done..start]));
            result.Write(PlaceholderOf(first.Kind, text[start..end]) ?? _plan.Rules.Masks[first.KindIndex]);
            done = end;
        }

        result.Write(PlaceholderText.Escape(text[done..]));
        return result.WrittenSpan.ToString();
    }

    private string? PlaceholderOf(Kind kind, string value)
    {
        if (_placeholders.TryGetValue((kind, value), out var known))
            return known;
        if (_values.Count == MaxCount || value.Length > MaxValueLength)
            return null;
        var placeholder = $"[{kind.Name}_{_values.Count + 1}_{Token}]";
        _placeholders.Add((kind, value), placeholder);
        _values.Add(placeholder, (kind, value));
        return placeholder;
    }
}
