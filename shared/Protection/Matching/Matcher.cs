using System.Numerics;
using Proofgate.Protection.Automata;
using Proofgate.Protection.Rules;

namespace Proofgate.Protection.Matching;

/// <summary>
/// Feeds text to the automaton character by character and keeps every match that is still alive, in the order of their starts. Not
/// thread-safe; allocates nothing once warm.
/// </summary>
/// <remarks>
/// Cost is linear with a small constant. A match lives no longer than its rule's maximum length, and the patterns are written so that few
/// can begin inside another; of those that run without limit only the first of each state is kept; the places where an address could
/// begin are the bits of one word, whatever the length of that word; and of the matches of a rule that end at a place only as many are
/// judged as it takes to find the first that is valid. LinearityTests count what is left.
/// </remarks>
internal sealed class Matcher
{
    /// <summary>Stands for the start of a match that is still among the words before it.</summary>
    private const long NotYet = long.MaxValue;

    [ThreadStatic]
    private static Matcher? _ofThread;

    private readonly long[] _leadAt = new long[Rule.MaxLead];
    private readonly ValueMatcher _values = new();
    private Automaton _automaton = null!;
    private ulong _kinds;
    private LiveMatch[] _live = new LiveMatch[16];
    private int _liveCount;
    private int _previous;
    private long _end;
    private bool _tag;
    private long _steps;
    private long _lastZeroWidth;
    private ulong _lead;
    private int _visible;
    private long[] _foundAt = [];

    /// <summary>One for each thread, for whole texts.</summary>
    internal static Matcher OfThread => _ofThread ??= new Matcher();

    internal Findings Findings { get; } = new();

    /// <summary>What the cost is made of: characters, automaton steps, characters validated, matches compared and findings moved.</summary>
    internal long Steps => _steps + _values.Steps + Findings.Moves;

    /// <summary>Start of the earliest match that is alive; <see cref="long.MaxValue"/> if there is none.</summary>
    internal long EarliestLive
    {
        get
        {
            var earliest = _lead != 0 && (_automaton.LeadKind & _kinds) != 0 ? LeadStart : long.MaxValue;
            foreach (var match in _live.AsSpan(0, _liveCount))
                earliest = Math.Min(earliest, match.Start);
            return Math.Min(earliest, _values.EarliestLive);
        }
    }

    /// <summary>Position from which text is needed to judge what is alive; <see cref="long.MaxValue"/> if none is.</summary>
    internal long TextNeeded
    {
        get
        {
            var needed = long.MaxValue;
            foreach (var match in _live.AsSpan(0, _liveCount))
            {
                if ((_automaton.Traits[match.State] & StateTraits.NeedsText) != 0)
                    needed = Math.Min(needed, match.Start);
            }

            return needed;
        }
    }

    /// <summary>Of the places in the word being read where a lead could have begun, the earliest.</summary>
    private long LeadStart => _leadAt[(_visible - 64 + BitOperations.LeadingZeroCount(_lead)) & (Rule.MaxLead - 1)];

    /// <summary>Begins a text. Only <paramref name="kinds"/> are looked for.</summary>
    internal void Reset(RuleSet rules, ulong kinds, ExactValues? values = null)
    {
        _values.Reset(rules, values);
        (_automaton, _kinds) = (rules.Automaton, kinds);
        (_liveCount, _previous, _end, _tag, _steps, _lastZeroWidth) = (0, _automaton.BeginningOfText, 0, false, 0, -1);
        (_lead, _visible) = (0, 0);
        if (_foundAt.Length == rules.Rules.Count)
            Array.Clear(_foundAt);
        else
            _foundAt = new long[rules.Rules.Count];
        Findings.Reset(rules.Rules.Count + 1);
    }

    /// <summary>Takes the characters of <paramref name="window"/> from <paramref name="from"/> on.</summary>
    /// <param name="window">The text, from <see cref="TextNeeded"/> or before.</param>
    /// <param name="origin">Position of the window in the text.</param>
    /// <param name="from">Where the characters begin that were not seen yet.</param>
    internal void Run(ReadOnlySpan<char> window, long origin, int from)
    {
        _steps += window.Length - from;
        if (!_values.IsEmpty)
            _values.Run(window, origin, from, Findings);
        for (var at = from; at < window.Length; at++)
        {
            if (_liveCount == 0 && !_tag)
            {
                at = PassIdle(window, origin, at);
                if (at == window.Length)
                    return;
            }

            Step(window, origin, at);
        }
    }

    /// <summary>Ends the text: what is alive matches here or not at all.</summary>
    internal void End(ReadOnlySpan<char> window, long origin, TextEnd end)
    {
        foreach (var match in _live.AsSpan(0, _liveCount))
        {
            if (match.Start == NotYet)
                continue;
            foreach (var rule in _automaton.Ends[match.State])
                Judge(window, origin, match.Start, rule);
            if (end != TextEnd.CutShort)
                continue;
            foreach (var rule in _automaton.Sensitive[match.State])
                AddBeginning(match.Start, rule);
            foreach (var rule in _automaton.Counted[match.State])
            {
                if (CountOf(window[(int)(match.Start - origin)..(int)(_end - origin)]) >= rule.SensitiveFrom)
                    AddBeginning(match.Start, rule);
            }
        }

        _values.End(end, Findings);
        (_liveCount, _lead) = (0, 0);
        Findings.ShowRuns();
    }

    private static int CountOf(ReadOnlySpan<char> beginning)
    {
        var count = 0;
        foreach (var c in beginning)
            count += char.IsAsciiLetterOrDigit(c) ? 1 : 0;
        return count;
    }

    private void AddBeginning(long start, Rule rule)
    {
        if ((rule.KindBit & _kinds) != 0)
            Findings.Add(new Finding(start, _end, Finding.NotDecisive, rule, IsBeginning: true));
    }

    /// <summary>Passes over characters while nothing is alive and nothing begins. Returns where something does, or the end.</summary>
    private int PassIdle(ReadOnlySpan<char> window, long origin, int from)
    {
        var (automaton, previous, lead, visible) = (_automaton, _previous, _lead, _visible);
        var at = from;
        for (; at < window.Length; at++)
        {
            int symbol = automaton.ClassOf[window[at]];
            if (symbol == CharClasses.ZeroWidth)
                break;
            var first = automaton.First[(previous * automaton.ClassCount) + symbol];
            if (first != 0 && MayBegin(first, window, at))
                break;
            _leadAt[visible++ & (Rule.MaxLead - 1)] = origin + at;
            lead = ((lead << 1) | automaton.LeadFirst[symbol]) & automaton.LeadRest[symbol];
            previous = symbol;
        }

        if (at > from)
            (_previous, _lead, _visible, _end) = (previous, lead, visible, origin + at);
        return at;
    }

    /// <summary>
    /// False if the next characters, as far as they are there, end every match that begins at <paramref name="at"/>. It changes nothing
    /// but the work.
    /// </summary>
    private bool MayBegin(ushort first, ReadOnlySpan<char> window, int at)
    {
        var node = first;
        for (var next = at + 1; next <= at + Automaton.PeekLength && next < window.Length; next++)
        {
            var symbol = _automaton.ClassOf[window[next]];
            if (symbol == CharClasses.ZeroWidth)
                return true;
            node = _automaton.Peek[(node * _automaton.ClassCount) + symbol];
            _steps++;
            if (node == 0)
                return false;
            if (node == Automaton.Survives)
                return true;
        }

        return true;
    }

    private void Step(ReadOnlySpan<char> window, long origin, int at)
    {
        var c = window[at];
        var symbol = _automaton.ClassOf[c];
        if (symbol == CharClasses.ZeroWidth || (_tag && char.IsLowSurrogate(c)))
        {
            _tag = ZeroWidth.IsTag(c);
            _lastZeroWidth = origin + at;
            return;
        }

        _tag = false;
        var kept = 0;
        for (var i = 0; i < _liveCount; i++)
        {
            var (start, state) = _live[i];
            if ((_automaton.Traits[state] & StateTraits.Ends) != 0 && start != NotYet)
            {
                foreach (var rule in _automaton.Ends[state])
                {
                    if (rule.AfterClasses is null || !rule.AfterClasses[symbol])
                        Judge(window, origin, start, rule);
                }
            }

            kept = Enter(_automaton.Next[(state * _automaton.ClassCount) + symbol], start, origin + at, kept);
        }

        _steps += _liveCount;
        var first = _automaton.First[(_previous * _automaton.ClassCount) + symbol];
        if (first != 0 && MayBegin(first, window, at))
        {
            var starts = _automaton.Starts[first];
            _steps += starts.Plain.Length;
            if (starts.Lead != 0 && _lead != 0)
                kept = Enter(starts.Lead, LeadStart, origin + at, kept);
            foreach (var state in starts.Plain)
                kept = Enter(state, origin + at, origin + at, kept);
        }

        _liveCount = kept;
        _leadAt[_visible++ & (Rule.MaxLead - 1)] = origin + at;
        _lead = ((_lead << 1) | _automaton.LeadFirst[symbol]) & _automaton.LeadRest[symbol];
        _previous = symbol;
        _end = origin + at + 1;
    }

    /// <summary>
    /// Brings a match to a state with the character at <paramref name="at"/> and keeps it, if it stays alive, as number
    /// <paramref name="kept"/>. Returns how many are kept now.
    /// </summary>
    private int Enter(ushort next, long start, long at, int kept)
    {
        if (next == 0 || (_automaton.Alive[next] & _kinds) == 0 && _automaton.Decided[next].Length == 0)
            return kept;
        var traits = _automaton.Traits[next];
        if ((traits & StateTraits.Context) != 0)
            start = NotYet;
        else if (start == NotYet)
            start = at;
        if ((traits & StateTraits.Decided) != 0)
        {
            if ((traits & StateTraits.NeedsText) == 0 && IsReached(next, start, kept))
                return kept;
            foreach (var rule in _automaton.Decided[next])
            {
                if ((rule.KindBit & _kinds) != 0)
                    Findings.Run(start, at + 1, rule);
            }
        }

        if ((_automaton.Alive[next] & _kinds) == 0)
            return kept;
        if (kept == _live.Length)
            Array.Resize(ref _live, kept * 2);
        _live[kept] = new LiveMatch(start, next);
        return kept + 1;
    }

    /// <summary>True if an earlier match is in that state: it has the same future, and covers the later one.</summary>
    private bool IsReached(ushort state, long start, int kept)
    {
        _steps += kept;
        foreach (var match in _live.AsSpan(0, kept))
        {
            if (match.State == state && match.Start <= start)
                return true;
        }

        return false;
    }

    /// <summary>Reports a match that ends here, if it is valid and no earlier one of its rule ends here too.</summary>
    private void Judge(ReadOnlySpan<char> window, long origin, long start, Rule rule)
    {
        if ((rule.KindBit & _kinds) == 0 || (_foundAt[rule.Index] == _end && rule.Context is null))
            return;
        if (rule.Validator is { } isValid)
        {
            var match = window[(int)(start - origin)..(int)(_end - origin)];
            _steps += match.Length;
            if (!(_lastZeroWidth >= start ? isValid(ZeroWidth.Without(match, stackalloc char[Rule.MaxValidatedLength])) : isValid(match)))
                return;
        }

        _foundAt[rule.Index] = _end;
        Findings.Add(new Finding(start, _end, Finding.NotDecisive, rule));
    }
}
