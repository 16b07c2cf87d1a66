using Proofgate.Protection.Matching;
using Proofgate.Protection.Rules;

namespace Proofgate.Protection.Automata;

/// <summary>Makes the deterministic automata by the subset construction and proves what the matcher relies on.</summary>
internal sealed class AutomatonBuilder
{
    private readonly IReadOnlyList<Rule> _rules;
    private readonly Nfa _nfa;
    private readonly CharClasses _classes;
    private readonly Dictionary<CharSet, bool[]> _classesOf = new(ReferenceEqualityComparer.Instance);
    private readonly int[][] _closures;
    private readonly Dictionary<int[], ushort> _known = new(NodeSetComparer.Instance) { [[0]] = 0 };
    private readonly List<int[]> _states = [[]];
    private readonly List<bool> _inContext = [false];
    private readonly List<ushort> _next = [];

    private AutomatonBuilder(IReadOnlyList<Rule> rules)
    {
        _rules = rules;
        _nfa = new Nfa(rules);
        var sets = _nfa.Nodes.Select(node => node.On).Concat(rules.SelectMany(rule => new[] { rule.Before, rule.After, rule.Needle, rule.Lead?.First, rule.Lead?.More }));
        _classes = new CharClasses(ZeroWidth.Set, sets.OfType<CharSet>().Distinct());
        _closures = [.. Enumerable.Range(0, _nfa.Nodes.Count).Select(ClosureOf)];
    }

    /// <exception cref="InvalidDataException">The rules are too many, or one breaks what it declares.</exception>
    internal static Automaton Build(IReadOnlyList<Rule> rules) => new AutomatonBuilder(rules).Build();

    private Automaton Build()
    {
        var groups = _rules.GroupBy(rule => rule.Group).OrderBy(group => group.Key).ToArray();
        var entries = groups.Select(group => Enumerable.Range(0, _classes.Count).Select(symbol => StartAfter(group, symbol))
            .Append(StartAfter(group, null)).ToArray()).ToArray();
        for (var state = 0; state < _states.Count; state++)
            AddRow(state);

        foreach (var rule in _rules)
            rule.AfterClasses = rule.After is null ? null : ClassesOf(rule.After);
        var ends = States(node => node.Accepts, rule => !rule.IsDecisive);
        var decided = States(node => node.Accepts, rule => rule.IsDecisive);
        var sensitive = States(node => node.Sensitive, _ => true);
        var counted = States(node => !node.Context, rule => rule.SensitiveFrom > 0)
            .Select((rules, state) => _inContext[state] ? [] : rules).ToArray();
        var next = _next.ToArray();
        var (first, starts, nodes) = Starts(groups, entries);
        var peek = PeekTable.Build(nodes, next, _classes.Count, state => ends[state].Length + decided[state].Length + sensitive[state].Length > 0
            || counted[state].Any(rule => rule.SensitiveFrom <= Automaton.PeekLength + 1));
        var lead = _rules.FirstOrDefault(rule => rule.Lead is not null);
        return new Automaton
        {
            ClassOf = _classes.Table,
            ClassCount = _classes.Count,
            Next = next,
            First = first,
            Starts = starts,
            Peek = peek,
            LeadFirst = [.. BitsOf(lead?.Lead?.First, 1)],
            LeadRest = [.. BitsOf(lead?.Lead?.More, ulong.MaxValue)],
            LeadKind = lead?.KindBit ?? 0,
            Ends = ends,
            Decided = decided,
            Sensitive = sensitive,
            Counted = counted,
            Alive = [.. _states.Select(AliveKinds)],
            Traits = [.. _states.Select((nodes, state) => TraitsOf(nodes, state, ends[state], decided[state]))],
            Needles = NeedleScan.Create(
                _rules, _classes, entries.SelectMany(states => states), next, state => _inContext[state], (state, length) => ends[state].Concat(decided[state])
                    .Concat(sensitive[state]).Concat(counted[state].Where(rule => rule.SensitiveFrom <= length)).FirstOrDefault()),
        };
    }

    private IEnumerable<ulong> BitsOf(CharSet? set, ulong bits) =>
        ClassesOf(set ?? CharSet.Empty).Select((inSet, symbol) => inSet && symbol != CharClasses.ZeroWidth ? bits : 0);

    /// <summary>The sets of states that matches begin in, and which of them by the character before and the first.</summary>
    private (ushort[] First, StartSet[] Starts, List<int[]> Nodes) Starts(IGrouping<int, Rule>[] groups, ushort[][] entries)
    {
        var numbers = new Dictionary<int[], ushort>(NodeSetComparer.Instance);
        var sets = new List<StartSet>();
        var nodes = new List<int[]>();
        var first = new ushort[(_classes.Count + 1) * _classes.Count];
        Number(new int[groups.Length]);
        for (var previous = 0; previous <= _classes.Count; previous++)
        {
            for (var symbol = CharClasses.ZeroWidth + 1; symbol < _classes.Count; symbol++)
                first[(previous * _classes.Count) + symbol] =
                    Number([.. entries.Select(states => (int)_next[(states[previous] * _classes.Count) + symbol])]);
        }

        return (first, [.. sets], nodes);

        ushort Number(int[] states)
        {
            if (!numbers.TryGetValue(states, out var number))
            {
                numbers.Add(states, number = (ushort)sets.Count);
                nodes.Add(states);
                var isLead = groups[0].Key < 0;
                var plain = states.Skip(isLead ? 1 : 0).Where(state => state != 0).Select(state => (ushort)state);
                sets.Add(new StartSet([.. plain], isLead ? (ushort)states[0] : (ushort)0));
            }

            return number;
        }
    }

    private ushort StartAfter(IEnumerable<Rule> group, int? previous)
    {
        var allowed = group.Where(rule => previous is not { } symbol || !ClassesOf(rule.Before)[symbol]).ToArray();
        return Intern(allowed.Select(rule => _nfa.Entries[rule.Index]), allowed.Any(rule => rule.Context is not null));
    }

    /// <summary>Where a state goes on each class. Most classes take the same nodes on, and share one look-up.</summary>
    private void AddRow(int state)
    {
        var waiting = _states[state]
            .Select(id => _nfa.Nodes[id])
            .Where(node => node.On is not null)
            .Select(node => (Classes: ClassesOf(node.On!), node.Next, node.Context, node.Rule))
            .ToArray();
        var taken = new List<int>();
        var row = new Dictionary<int[], ushort>(NodeSetComparer.Instance);
        _next.Add(0);
        for (var symbol = CharClasses.ZeroWidth + 1; symbol < _classes.Count; symbol++)
        {
            taken.Clear();
            var (before, value) = (-1, -1);
            foreach (var (classes, next, context, rule) in waiting)
            {
                if (!classes[symbol])
                    continue;
                taken.Add(next);
                (before, value) = context ? (rule, value) : (before, rule);
            }

            if (before >= 0 && value >= 0)
                throw new InvalidDataException($"Rule '{_rules[before].Id}': where the context ends and the match begins is not certain.");
            int[] key = [.. taken, before];
            if (!row.TryGetValue(key, out var to))
                row.Add(key, to = Intern(taken, before >= 0));
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
    private ushort Intern(IEnumerable<int> nodes, bool inContext)
    {
        var reached = nodes.SelectMany(id => _closures[id]).ToHashSet();
        var stopped = reached.Where(id => _nfa.Nodes[id].Stops).Select(id => _nfa.Nodes[id].Rule).ToArray();
        if (stopped.Length > 0)
            reached.RemoveWhere(id => !_nfa.Nodes[id].Stops && stopped.Contains(_nfa.Nodes[id].Rule));
        int[] state = [.. reached.Order()];
        int[] key = [.. state, inContext && state.Length > 0 ? -1 : 0];
        if (!_known.TryGetValue(key, out var number))
        {
            if (_states.Count > ushort.MaxValue)
                throw new InvalidDataException($"The rules need more than {ushort.MaxValue} states: bound their repeats.");
            number = (ushort)_states.Count;
            _known.Add(key, number);
            _states.Add(state);
            _inContext.Add(inContext);
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

    private StateTraits TraitsOf(int[] nodes, int state, Rule[] ends, Rule[] decided) =>
        (ends.Length > 0 ? StateTraits.Ends : 0)
        | (decided.Length > 0 ? StateTraits.Decided : 0)
        | (_inContext[state] ? StateTraits.Context : 0)
        | (nodes.Any(id => _rules[_nfa.Nodes[id].Rule] is { Validator: not null } or { SensitiveFrom: > 0 }) ? StateTraits.NeedsText : 0);
}
