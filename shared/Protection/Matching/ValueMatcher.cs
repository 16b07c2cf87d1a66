using Proofgate.Protection.Rules;

namespace Proofgate.Protection.Matching;

/// <summary>Finds a call's <see cref="ExactValues"/> in a text that arrives in pieces.</summary>
internal sealed class ValueMatcher
{
    private readonly long[] _at = new long[ExactValues.MaxLength];
    private ExactValues? _values;
    private Rule _rule = null!;
    private int _state;
    private int _visible;
    private long _end;
    private bool _tag;
    private long _steps;

    internal bool IsEmpty => _values is null;

    internal long Steps => _steps;

    /// <summary>Where the longest beginning of a value starts that the text ends with; <see cref="long.MaxValue"/> if it ends with none.</summary>
    internal long EarliestLive => _values is { } values && values.Depth(_state) is > 0 and var depth ? StartOf(depth) : long.MaxValue;

    internal void Reset(RuleSet rules, ExactValues? values)
    {
        _rule = rules.Withheld;
        (_values, _state, _visible, _end, _tag, _steps) = (values is { Count: > 0 } ? values : null, 0, 0, 0, false, 0);
    }

    internal void Run(ReadOnlySpan<char> window, long origin, int from, Findings findings)
    {
        for (var at = from; at < window.Length; at++)
        {
            var c = window[at];
            if (ZeroWidth.Contains(c) || (_tag && char.IsLowSurrogate(c)))
            {
                _tag = ZeroWidth.IsTag(c);
                continue;
            }

            _tag = false;
            _at[_visible++ & (ExactValues.MaxLength - 1)] = origin + at;
            _end = origin + at + 1;
            _state = _values!.Step(_state, c, ref _steps);
            if (_values.Longest(_state) is > 0 and var length)
                findings.Run(StartOf(length), _end, _rule);
        }
    }

    internal void End(TextEnd end, Findings findings)
    {
        if (end == TextEnd.CutShort && _values is { } values && values.Depth(_state) is >= ExactValues.MinLength and var depth)
            findings.Add(new Finding(StartOf(depth), _end, Finding.NotDecisive, _rule, IsBeginning: true));
        _state = 0;
    }

    private long StartOf(int length) => _at[(_visible - length) & (ExactValues.MaxLength - 1)];
}
