using System.Buffers;
using Proofgate.Protection.Rules;

namespace Proofgate.Protection.Automata;

/// <summary>
/// Says of most texts, at memory speed, that nothing in them can match: every match and every sensitive prefix has one of the needles in
/// it. The construction proves it on the automaton.
/// </summary>
internal sealed class NeedleScan
{
    private readonly SearchValues<char> _plain;
    private readonly byte[] _classOf;
    private readonly bool[] _isNeedle;

    private NeedleScan(byte[] classOf, bool[] isNeedle)
    {
        (_classOf, _isNeedle) = (classOf, isNeedle);
        _plain = SearchValues.Create([.. Enumerable.Range(0, 128).Select(c => (char)c).Where(c => !isNeedle[classOf[c]])]);
    }

    /// <exception cref="InvalidDataException">A rule can match, or be past its sensitive prefix, without a needle.</exception>
    internal static NeedleScan Create(
        IReadOnlyList<Rule> rules, CharClasses classes, IEnumerable<ushort> starts, ushort[] next,
        Func<int, bool> inContext, Func<int, int, Rule?> mattering)
    {
        var isNeedle = classes.Of(rules.Aggregate(CharSet.Empty, (all, rule) => all.Union(rule.Needle)));
        isNeedle[CharClasses.ZeroWidth] = true;
        // What can be reached without a needle, and after how many characters of the value: up to more than any rule counts.
        var reached = starts.Select(state => (State: state, Length: 0)).ToHashSet();
        var open = new Stack<(ushort State, int Length)>(reached);
        while (open.TryPop(out var at))
        {
            if (mattering(at.State, at.Length) is { } rule)
                throw new InvalidDataException($"Rule '{rule.Id}' can match without its needle.");
            for (var symbol = CharClasses.ZeroWidth + 1; symbol < classes.Count; symbol++)
            {
                var to = next[(at.State * classes.Count) + symbol];
                var further = (to, inContext(to) ? 0 : Math.Min(at.Length + 1, Rule.MaxValidatedLength));
                if (to != 0 && !isNeedle[symbol] && reached.Add(further))
                    open.Push(further);
            }
        }

        return new NeedleScan(classes.Table, isNeedle);
    }

    /// <summary>True if <paramref name="text"/> has a needle in it.</summary>
    internal bool OccursIn(ReadOnlySpan<char> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            var skip = text[at..].IndexOfAnyExcept(_plain);
            if (skip < 0)
                return false;
            at += skip;
            if (_isNeedle[_classOf[text[at]]])
                return true;
        }

        return false;
    }
}
