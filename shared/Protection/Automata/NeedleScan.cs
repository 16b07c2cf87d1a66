using System.Buffers;
using Proofgate.Protection.Rules;

namespace Proofgate.Protection.Automata;

/// <summary>
/// Finds where the matcher must begin to look. Every match and every sensitive prefix has one of the needles in it (the construction
/// proves it on the automaton), and only <see cref="_maxLead"/> characters of known classes before the first one: text further from a
/// needle is skipped at memory speed.
/// </summary>
internal sealed class NeedleScan
{
    private readonly SearchValues<char> _plain;
    private readonly byte[] _classOf;
    private readonly bool[] _isNeedle;
    private readonly bool[] _isLead;
    private readonly int _maxLead;

    private NeedleScan(byte[] classOf, bool[] isNeedle, bool[] isLead, int maxLead)
    {
        (_classOf, _isNeedle, _isLead, _maxLead) = (classOf, isNeedle, isLead, maxLead);
        _plain = SearchValues.Create([.. Enumerable.Range(0, 128).Select(c => (char)c).Where(c => !isNeedle[classOf[c]])]);
    }

    /// <exception cref="InvalidDataException">A rule can match, or be past its sensitive prefix, without a needle.</exception>
    internal static NeedleScan Create(
        IReadOnlyList<Rule> rules, CharClasses classes, ushort[] starts, ushort[] next, Func<int, Rule[]> mattering)
    {
        var isNeedle = classes.Of(rules.Aggregate(CharSet.Empty, (all, rule) => all.Union(rule.Needle)));
        isNeedle[CharClasses.ZeroWidth] = true;
        var isLead = new bool[classes.Count];
        var lengths = new Dictionary<ushort, int>();
        return new NeedleScan(classes.Table, isNeedle, isLead, starts.Distinct().Max(state => Lead(state, [])));

        int Lead(ushort state, HashSet<ushort> path)
        {
            if (mattering(state) is [var rule, ..])
                throw new InvalidDataException($"Rule '{rule.Id}' can match without its needle.");
            if (lengths.TryGetValue(state, out var known))
                return known;
            if (!path.Add(state))
                throw new InvalidDataException("A rule repeats without limit before its needle.");
            var longest = 0;
            for (var symbol = 0; symbol < classes.Count; symbol++)
            {
                var to = next[(state * classes.Count) + symbol];
                if (to == 0 || isNeedle[symbol])
                    continue;
                isLead[symbol] = true;
                longest = Math.Max(longest, 1 + Lead(to, path));
            }

            path.Remove(state);
            return lengths[state] = longest;
        }
    }

    /// <summary>Index of the first needle; the length of the text if there is none.</summary>
    internal int Find(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var skip = text[at..].IndexOfAnyExcept(_plain);
            if (skip < 0)
                break;
            at += skip;
            if (_isNeedle[_classOf[text[at]]])
                return at;
        }

        return text.Length;
    }

    /// <summary>Index from which a match that has its first needle at or after <paramref name="needle"/> can begin.</summary>
    internal int LeadStart(ReadOnlySpan<char> text, int needle)
    {
        var floor = Math.Max(0, needle - _maxLead);
        var at = needle;
        while (at > floor && _isLead[_classOf[text[at - 1]]])
            at--;
        return at;
    }
}
