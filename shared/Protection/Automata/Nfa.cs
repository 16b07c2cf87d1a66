using Proofgate.Protection.Rules;

namespace Proofgate.Protection.Automata;

/// <summary>All rules as one nondeterministic automaton (Thompson's construction, built from the end).</summary>
internal sealed class Nfa
{
    private readonly List<NfaNode> _nodes = [];
    private bool _sensitive;
    private bool _context;

    internal Nfa(IReadOnlyList<Rule> rules) => Entries = [.. rules.Select(Add)];

    internal IReadOnlyList<NfaNode> Nodes => _nodes;

    /// <summary>The first node of each rule.</summary>
    internal IReadOnlyList<int> Entries { get; }

    private int Add(Rule rule)
    {
        _sensitive = rule.Pattern is PatternNode.Sequence top && top.Parts.Any(part => part is PatternNode.Mark);
        var end = rule.Until is { } until ? AddRun(rule, until) : New(new() { Rule = rule.Index, Sensitive = _sensitive, Accepts = true });
        var value = Build(rule, rule.Pattern, end);
        if (rule.Context is null)
            return value;
        _context = true;
        var entry = Build(rule, rule.Context, value);
        _context = false;
        return entry;
    }

    /// <summary>Accepts any text up to and including the first <paramref name="until"/>.</summary>
    private int AddRun(Rule rule, PatternNode until)
    {
        var run = Branch(rule);
        var stop = New(new() { Rule = rule.Index, Accepts = true, Stops = true });
        _nodes[run].Branches.Add(New(new() { Rule = rule.Index, Accepts = true }));
        _nodes[run].Branches.Add(New(new() { Rule = rule.Index, On = CharSet.All, Next = run }));
        _nodes[run].Branches.Add(Build(rule, until, stop));
        return run;
    }

    private int Build(Rule rule, PatternNode node, int next)
    {
        switch (node)
        {
            case PatternNode.One one:
                return New(new() { Rule = rule.Index, Sensitive = _sensitive, Context = _context, On = one.Set, Next = next });
            case PatternNode.Mark:
                _sensitive = false;
                return next;
            case PatternNode.Sequence sequence:
                return sequence.Parts.Reverse().Aggregate(next, (after, part) => Build(rule, part, after));
            case PatternNode.Choice choice:
                var fork = Branch(rule);
                foreach (var branch in choice.Branches)
                    _nodes[fork].Branches.Add(Build(rule, branch, next));
                return fork;
            case PatternNode.Repeat repeat:
                return BuildRepeat(rule, repeat, next);
            default:
                throw new InvalidOperationException($"{node.GetType().Name} is not a pattern node.");
        }
    }

    private int BuildRepeat(Rule rule, PatternNode.Repeat repeat, int next)
    {
        var tail = next;
        if (repeat.Max is { } max)
        {
            for (var i = repeat.Min; i < max; i++)
                tail = Optional(Build(rule, repeat.Part, tail));
        }
        else
        {
            tail = Optional(next);
            _nodes[tail].Branches.Add(Build(rule, repeat.Part, tail));
        }

        for (var i = 0; i < repeat.Min; i++)
            tail = Build(rule, repeat.Part, tail);
        return tail;

        int Optional(int taken)
        {
            var fork = Branch(rule);
            _nodes[fork].Branches.Add(taken);
            if (taken != next)
                _nodes[fork].Branches.Add(next);
            return fork;
        }
    }

    private int Branch(Rule rule) => New(new() { Rule = rule.Index, Sensitive = _sensitive });

    private int New(NfaNode node)
    {
        _nodes.Add(node);
        return _nodes.Count - 1;
    }
}
