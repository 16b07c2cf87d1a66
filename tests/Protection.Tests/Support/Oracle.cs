using System.Text.RegularExpressions;
using Proofgate.Protection.Matching;
using Proofgate.Protection.Rules;
using Proofgate.Protection.Validators;

namespace Proofgate.Protection.Tests.Support;

/// <summary>
/// The semantics of <see cref="RedactionPlan"/>, computed the slow way: every part of the text against every rule by
/// <c>System.Text.RegularExpressions</c>, then the three rules of its remarks word for word. For texts that finished.
/// </summary>
internal sealed class Oracle
{
    private readonly List<OracleRule> _rules;

    internal Oracle(IEnumerable<RuleEntry> rules) => _rules = [.. rules.Select((entry, index) => new OracleRule(entry, index))];

    internal string Redact(string text)
    {
        var visible = Visible(text);
        var plain = new string([.. visible.Select(at => text[at])]);
        var found = _rules.SelectMany(rule => rule.Find(plain)).ToList();
        // Rules 1 and 2: the union, and two redactions where no single part spans the place between them.
        var joined = new bool[plain.Length + 1];
        var covered = new bool[plain.Length];
        foreach (var part in found)
        {
            for (var at = part.Start; at < part.End; at++)
            {
                covered[at] = true;
                joined[at] |= at > part.Start;
            }
        }

        var result = new System.Text.StringBuilder();
        var copied = 0;
        for (var at = 0; at < plain.Length; at++)
        {
            if (!covered[at])
                continue;
            var end = at + 1;
            while (end < plain.Length && joined[end])
                end++;
            result.Append(text, copied, visible[at] - copied).Append('[').Append(NameOf(found, at)).Append(']');
            copied = visible[end - 1] + 1;
            at = end - 1;
        }

        return result.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>Rule 3, for the redaction that begins at <paramref name="start"/>.</summary>
    private static string NameOf(List<OraclePart> found, int start)
    {
        var first = found.Where(part => part.Start == start).ToList();
        var decisive = first.Where(part => part.Rule.IsDecisive).ToList();
        var named = decisive.Count > 0
            ? decisive.OrderBy(part => part.End).ThenBy(part => part.Rule.Index).First()
            : first.OrderByDescending(part => part.End).ThenBy(part => part.Rule.Index).First();
        return named.Rule.Entry.Kind;
    }

    private static List<int> Visible(string text)
    {
        List<int> visible = [];
        for (var at = 0; at < text.Length; at++)
        {
            if (ZeroWidth.Contains(text[at]))
                at += ZeroWidth.IsTag(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 1 : 0;
            else
                visible.Add(at);
        }

        return visible;
    }

    private sealed record OraclePart(int Start, int End, OracleRule Rule);

    private sealed class OracleRule
    {
        private readonly Regex _whole;
        private readonly Regex _anywhere;
        private readonly Regex? _before;
        private readonly Regex? _after;
        private readonly Regex? _endInside;
        private readonly Validator? _validator;

        internal OracleRule(RuleEntry entry, int index)
        {
            (Entry, Index) = (entry, index);
            var rest = entry.Until is null ? "" : @"[\s\S]*";
            var lead = entry.Lead is null ? "" : $"{entry.LeadFirst}{entry.Lead}{{0,{Rule.MaxLead - 1}}}";
            _whole = new Regex($@"\A(?:{entry.Context})(?<value>{lead}(?:{entry.Pattern}){rest})\z", RegexOptions.CultureInvariant);
            _anywhere = new Regex($@"\G(?:{entry.Context}){lead}(?:{entry.Pattern})", RegexOptions.CultureInvariant);
            _before = entry.Before is null ? null : new Regex(entry.Before, RegexOptions.CultureInvariant);
            _after = entry.After is null ? null : new Regex(entry.After, RegexOptions.CultureInvariant);
            _endInside = entry.Until is null
                ? null
                : new Regex($@"\A(?:{entry.Pattern})[\s\S]*?(?:{entry.Until})[\s\S]", RegexOptions.CultureInvariant);
            if (entry.Validator is not null)
                Assert.True(ValidatorTable.TryGet(entry.Validator, out _validator));
        }

        internal RuleEntry Entry { get; }

        internal int Index { get; }

        internal bool IsDecisive => Entry.After is null && Entry.Validator is null;

        internal IEnumerable<OraclePart> Find(string text)
        {
            for (var start = 0; start < text.Length; start++)
            {
                if (start > 0 && _before?.IsMatch(text[(start - 1)..start]) == true)
                    continue;
                if (!_anywhere.IsMatch(text, start))
                    continue;
                for (var end = start + 1; end <= text.Length; end++)
                {
                    var part = text[start..end];
                    if ((end == text.Length || _after?.IsMatch(text[end..(end + 1)]) != true)
                        && _whole.Match(part) is { Success: true } match
                        && _endInside?.IsMatch(part) != true
                        && _validator?.Invoke(match.Groups["value"].Value) != false)
                        yield return new OraclePart(start + match.Groups["value"].Index, end, this);
                }
            }
        }
    }
}
