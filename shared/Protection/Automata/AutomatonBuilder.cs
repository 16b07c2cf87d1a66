using Proofgate.Protection.Matching;
using Proofgate.Protection.Rules;

namespace Proofgate.Protection.Automata;

/// <summary>Makes the deterministic automaton by the subset construction and proves what the matcher relies on.</summary>
internal sealed class AutomatonBuilder
{
    private readonly IReadOnlyList<Rule> _rules;
    private readonly Nfa _nfa;
    private readonly CharClasses _classes;
    private readonly Dictionary<CharSet, bool[]> _classesOf = new(ReferenceEqualityComparer.Instance);
    private readonly int[][] _closures;
    private readonly Dictionary<int[], ushort> _known = new(NodeSetComparer.Instance) { [[]] = 0 };
    private readonly List<int[]> _states = [[]];
    private readonly List<ushort> _next = [];

    private AutomatonBuilder(IReadOnlyList<Rule> rules)
    {
        _rules = rules;
        _nfa = new Nfa(rules);
        var sets = _nfa.Nodes.Select(node => node.On).Concat(rules.SelectMany(rule => new[] { rule.Before, rule.After, rule.Needle }));
        _classes = new CharClasses(ZeroWidth.Set, sets.OfType<CharSet>().Distinct());
        _closures = [.. Enumerable.Range(0, _nfa.Nodes.Count).Select(ClosureOf)];
    }

    /// <exception cref="InvalidDataException">The rules are too many, or one breaks what it declares.</exception>
    internal static Automaton Build(IReadOnlyList<Rule> rules) => new AutomatonBuilder(rules).Build();

    private Automaton Build()
    {
        var starts = Enumerable.Range(0, _classes.Count).Select(StartAfter).Append(StartAfter(null)).ToArray();
        for (var state = 0; state < _states.Count; state++)
            AddRow(_states[state]);

        foreach (var rule in _rules)
            rule.AfterClasses = rule.After is null ? null : ClassesOf(rule.After);
        var ends = States(node => node.Accepts, rule => !rule.IsDecisive);
        var decided = States(node => node.Accepts, rule => rule.IsDecisive);
        var sensitive = States(node => node.Sensitive, _ => true);
        var next = _next.ToArray();
        return new Automaton
        {
            ClassOf = _classes.Table,
            ClassCount = _classes.Count,
            Next = next,
            First = [.. starts.SelectMany(state => next.AsSpan(state * _classes.Count, _classes.Count).ToArray())],
            Ends = ends,
            Decided = decided,
            Sensitive = sensitive,
            Alive = [.. _states.Select(AliveKinds)],
            Traits = [.. _states.Select((nodes, state) => TraitsOf(nodes, ends[state], decided[state]))],
            Needles = NeedleScan.Create(
                _rules, _classes, starts, next, state => (Rule[])[.. ends[state], .. decided[state], .. sensitive[state]]),
        };
    }

    private ushort StartAfter(int symbol) => StartAfter((int?)symbol);

    private ushort StartAfter(int? previous) =>
        Intern(_rules
            .Where(rule => previous is not { } symbol || !ClassesOf(rule.Before)[symbol])
            .Select(rule => _nfa.Entries[rule.Index]));

    /// <summary>Where a state goes on each class. Most classes take the same nodes on, and share one look-up.</summary>
    private void AddRow(int[] nodes)
    {
        var waiting = nodes
            .Select(id => _nfa.Nodes[id])
            .Where(node => node.On is not null)
            .Select(node => (Classes: ClassesOf(node.On!), node.Next))
            .ToArray();
        var taken = new List<int>();
        var row = new Dictionary<int[], ushort>(NodeSetComparer.Instance);
        _next.Add(0);
        for (var symbol = CharClasses.ZeroWidth + 1; symbol < _classes.Count; symbol++)
        {
            taken.Clear();
            foreach (var (classes, next) in waiting)
            {
                if (classes[symbol])
                    taken.Add(next);
            }

            var key = taken.ToArray();
            if (!row.TryGetValue(key, out var to))
                row.Add(key, to = Intern(key));
            _next.Add(to);
        }
    }

    /// <summary>The nodes that wait or accept, among those reached without a character.</summary>
    private int[] ClosureOf(int node)
    {
        var seen = new HashSet<int>();
        var open = new Stack<int>([node]);
        while (open.TryPop(out var id))
        {
            if (!seen.Add(id))
                continue;
            foreach (var branch in _nfa.Nodes[id].Branches)
                open.Push(branch);
        }

        return [.. seen.Where(id => _nfa.Nodes[id] is { On: not null } or { Accepts: true })];
    }

    /// <summary>The state for a set of nodes and all that they reach without a character.</summary>
    private ushort Intern(IEnumerable<int> nodes)
    {
        var reached = nodes.SelectMany(id => _closures[id]).ToHashSet();
        var stopped = reached.Where(id => _nfa.Nodes[id].Stops).Select(id => _nfa.Nodes[id].Rule).ToArray();
        if (stopped.Length > 0)
            reached.RemoveWhere(id => !_nfa.Nodes[id].Stops && stopped.Contains(_nfa.Nodes[id].Rule));
        int[] state = [.. reached.Order()];
        if (!_known.TryGetValue(state, out var number))
        {
            if (_states.Count > ushort.MaxValue)
                throw new InvalidDataException($"The rules need more than {ushort.MaxValue} states: bound their repeats.");
            number = (ushort)_states.Count;
            _known.Add(state, number);
            _states.Add(state);
        }

        return number;
    }

    private bool[] ClassesOf(CharSet set)
    {
        if (!_classesOf.TryGetValue(set, out var classes))
            _classesOf.Add(set, classes = _classes.Of(set));
        return classes;
    }

    private Rule[][] States(Func<NfaNode, bool> of, Func<Rule, bool> where) =>
        [.. _states.Select(nodes => nodes.Select(id => _nfa.Nodes[id]).Where(of).Select(node => node.Rule).Distinct().Order()
            .Select(index => _rules[index]).Where(where).ToArray())];

    private ulong AliveKinds(int[] nodes) => nodes.Select(id => _nfa.Nodes[id])
        .Where(node => node.On is not null || !_rules[node.Rule].IsDecisive)
        .Aggregate(0UL, (kinds, node) => kinds | _rules[node.Rule].KindBit);

    private StateTraits TraitsOf(int[] nodes, Rule[] ends, Rule[] decided) =>
        (ends.Length > 0 ? StateTraits.Ends : 0)
        | (decided.Length > 0 ? StateTraits.Decided : 0)
        | (nodes.Any(id => _rules[_nfa.Nodes[id].Rule].Validator is not null) ? StateTraits.NeedsText : 0);
}
