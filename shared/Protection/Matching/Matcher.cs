using Proofgate.Protection.Automata;
using Proofgate.Protection.Rules;

namespace Proofgate.Protection.Matching;

/// <summary>
/// Feeds text to the automaton character by character and keeps every match that is still alive, in the order of their starts. Cost is
/// linear: a match lives no longer than its rule's maximum length, and of those that run without limit only the first of each state is
/// kept. Not thread-safe; allocates nothing once warm.
/// </summary>
internal sealed class Matcher
{
    [ThreadStatic]
    private static Matcher? _ofThread;

    private Automaton _automaton = null!;
    private ulong _kinds;
    private LiveMatch[] _live = new LiveMatch[16];
    private int _liveCount;
    private int _previous;
    private long _end;
    private bool _tag;
    private long _steps;
    private long _lastZeroWidth;

    /// <summary>One for each thread, for whole texts.</summary>
    internal static Matcher OfThread => _ofThread ??= new Matcher();

    internal Findings Findings { get; } = new();

    /// <summary>What the cost is made of: automaton steps, characters validated, matches compared and findings moved.</summary>
    internal long Steps => _steps + Findings.Moves;

    internal bool IsIdle => _liveCount == 0 && !_tag;

    /// <summary>Start of the earliest match that is alive; <see cref="long.MaxValue"/> if there is none.</summary>
    internal long EarliestLive => _liveCount == 0 ? long.MaxValue : _live[0].Start;

    /// <summary>Position from which text is needed to judge what is alive; <see cref="long.MaxValue"/> if none is.</summary>
    internal long TextNeeded
    {
        get
        {
            foreach (var match in _live.AsSpan(0, _liveCount))
            {
                if ((_automaton.Traits[match.State] & StateTraits.NeedsText) != 0)
                    return match.Start;
            }

            return long.MaxValue;
        }
    }

    /// <summary>Begins a text. Only <paramref name="kinds"/> are looked for.</summary>
    internal void Reset(RuleSet rules, ulong kinds)
    {
        (_automaton, _kinds) = (rules.Automaton, kinds);
        (_liveCount, _previous, _end, _tag, _steps, _lastZeroWidth) = (0, _automaton.BeginningOfText, 0, false, 0, -1);
        Findings.Reset(rules.Rules.Count);
    }

    /// <summary>
    /// Passes over the first part of <paramref name="text"/>, in which no match can begin, and returns its length. Only when idle.
    /// </summary>
    internal int Skip(ReadOnlySpan<char> text) => Skip(text, _automaton.Needles.Find(text));

    /// <summary>Takes the characters of <paramref name="window"/> from <paramref name="from"/> on.</summary>
    /// <param name="window">The text, from <see cref="TextNeeded"/> or before.</param>
    /// <param name="origin">Position of the window in the text.</param>
    /// <param name="from">Where the characters begin that were not seen yet.</param>
    internal void Run(ReadOnlySpan<char> window, long origin, int from)
    {
        var at = from;
        while (at < window.Length)
        {
            var through = at;
            if (IsIdle)
            {
                var rest = window[at..];
                var needle = _automaton.Needles.Find(rest);
                through = at + needle;
                at += Skip(rest, needle);
            }

            while (at < window.Length && (at <= through || !IsIdle))
            {
                Step(window, origin, at);
                at++;
            }
        }
    }

    /// <summary>Ends the text: what is alive matches here or not at all.</summary>
    internal void End(ReadOnlySpan<char> window, long origin, TextEnd end)
    {
        foreach (var match in _live.AsSpan(0, _liveCount))
        {
            foreach (var rule in _automaton.Ends[match.State])
                Judge(window, origin, match.Start, rule);
            if (end != TextEnd.CutShort)
                continue;
            foreach (var rule in _automaton.Sensitive[match.State])
            {
                if ((rule.KindBit & _kinds) != 0)
                    Findings.Add(new Finding(match.Start, _end, Finding.NotDecisive, rule));
            }
        }

        _liveCount = 0;
        Findings.ShowRuns();
    }

    private int Skip(ReadOnlySpan<char> text, int needle)
    {
        var skipped = _automaton.Needles.LeadStart(text, needle);
        if (skipped > 0)
            _previous = _automaton.ClassOf[text[skipped - 1]];
        return skipped;
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
            if ((_automaton.Traits[state] & StateTraits.Ends) != 0)
            {
                foreach (var rule in _automaton.Ends[state])
                {
                    if (rule.AfterClasses is null || !rule.AfterClasses[symbol])
                        Judge(window, origin, start, rule);
                }
            }

            kept = Enter(_automaton.Next[(state * _automaton.ClassCount) + symbol], start, origin + at + 1, kept);
        }

        _steps += _liveCount + 1;
        _liveCount = Enter(_automaton.First[(_previous * _automaton.ClassCount) + symbol], origin + at, origin + at + 1, kept);
        _previous = symbol;
        _end = origin + at + 1;
    }

    /// <summary>
    /// Brings a match to a state and keeps it, if it stays alive, as number <paramref name="kept"/>. Returns how many are kept now.
    /// </summary>
    private int Enter(ushort next, long start, long end, int kept)
    {
        if (next == 0)
            return kept;
        var traits = _automaton.Traits[next];
        if ((traits & StateTraits.Decided) != 0)
        {
            if ((traits & StateTraits.NeedsText) == 0 && IsReached(next, kept))
                return kept;
            foreach (var rule in _automaton.Decided[next])
            {
                if ((rule.KindBit & _kinds) != 0)
                    Findings.Run(start, end, rule);
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
    private bool IsReached(ushort state, int kept)
    {
        _steps += kept;
        foreach (var match in _live.AsSpan(0, kept))
        {
            if (match.State == state)
                return true;
        }

        return false;
    }

    private void Judge(ReadOnlySpan<char> window, long origin, long start, Rule rule)
    {
        if ((rule.KindBit & _kinds) == 0)
            return;
        if (rule.Validator is { } isValid)
        {
            var match = window[(int)(start - origin)..(int)(_end - origin)];
            _steps += match.Length;
            if (!(_lastZeroWidth >= start ? isValid(ZeroWidth.Without(match, stackalloc char[Rule.MaxValidatedLength])) : isValid(match)))
                return;
        }

        Findings.Add(new Finding(start, _end, Finding.NotDecisive, rule));
    }
}
