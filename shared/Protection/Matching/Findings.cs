using Proofgate.Protection.Rules;

namespace Proofgate.Protection.Matching;

/// <summary>
/// Findings not yet settled, in the order of <see cref="Finding.GoesBefore"/>. They are reported by where they end and their lengths
/// are bounded, so that sorting one in moves few others; the ones that still run are kept apart, so that a run costs the same per
/// character however much it covers.
/// </summary>
internal sealed class Findings
{
    private const int KeptRoom = 1024;

    private Finding[] _items = new Finding[8];
    private int _first;
    private int _end;
    private Finding?[] _runs = [];

    /// <summary>Findings passed over to keep the order, so far.</summary>
    internal long Moves { get; private set; }

    internal bool IsEmpty => _first == _end;

    /// <summary>The first one in order.</summary>
    internal ref readonly Finding Head => ref _items[_first];

    internal ReadOnlySpan<Finding> Sorted => _items.AsSpan(_first, _end - _first);

    internal void Reset(int rules)
    {
        if (_items.Length > KeptRoom)
            _items = new Finding[8];
        if (_runs.Length == rules)
            Array.Clear(_runs);
        else
            _runs = new Finding?[rules];
        (_first, _end, Moves) = (0, 0, 0);
    }

    internal void DropHead()
    {
        _first++;
        if (_first == _end)
            (_first, _end) = (0, 0);
    }

    internal void Add(in Finding added)
    {
        MakeRoom();
        var at = _end;
        for (; at > _first && added.GoesBefore(_items[at - 1]); at--, Moves++)
            _items[at] = _items[at - 1];
        _items[at] = added;
        _end++;
    }

    /// <summary>
    /// Reports that a decisive rule matches from <paramref name="start"/> to here; once for each character while it runs.
    /// </summary>
    internal void Run(long start, long end, Rule rule)
    {
        ref var run = ref _runs[rule.Index];
        if (run is { } running)
        {
            if (running.Start <= start && running.End > start)
            {
                run = running with { End = end };
                return;
            }

            Show(running);
        }

        run = new Finding(start, end, end, rule);
    }

    /// <summary>Makes the runs visible up to here. They can go on.</summary>
    internal void ShowRuns()
    {
        foreach (var run in _runs)
        {
            if (run is { } running)
                Show(running);
        }
    }

    /// <summary>
    /// Forgets the runs that are settled up to <paramref name="position"/>. One that goes on is found again, and joins what is settled.
    /// </summary>
    internal void ForgetRuns(long position)
    {
        foreach (ref var run in _runs.AsSpan())
        {
            if (run is { } running && running.End <= position)
                run = null;
        }
    }

    private void Show(in Finding running)
    {
        for (var i = _end - 1; i >= _first && _items[i].Start >= running.Start; i--, Moves++)
        {
            // A beginning of the same match, where the text was cut, reaches further than the run and stays.
            if (_items[i].Start == running.Start && _items[i].Rule == running.Rule && _items[i].IsDecisive)
            {
                _items[i] = running;
                return;
            }
        }

        Add(running);
    }

    private void MakeRoom()
    {
        if (_end < _items.Length)
            return;
        if (_first > _items.Length / 2)
        {
            Sorted.CopyTo(_items);
            (_first, _end) = (0, _end - _first);
        }
        else
        {
            Array.Resize(ref _items, _items.Length * 2);
        }
    }
}
