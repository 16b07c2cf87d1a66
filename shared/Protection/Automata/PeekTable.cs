namespace Proofgate.Protection.Automata;

/// <summary>Makes <see cref="Automaton.Peek"/>: the first characters of all groups as one automaton.</summary>
internal static class PeekTable
{
    /// <param name="starts">The states of each start set, by group; the first is empty.</param>
    /// <param name="next">The table of all groups.</param>
    /// <param name="classCount">Its width.</param>
    /// <param name="matters">Whether something is found in a state, or would be if the text ended there.</param>
    internal static ushort[] Build(List<int[]> starts, ushort[] next, int classCount, Func<int, bool> matters)
    {
        var nodes = new List<int[]>(starts);
        var numbers = new Dictionary<int[], ushort>(NodeSetComparer.Instance);
        for (var i = 0; i < nodes.Count; i++)
            numbers.Add(nodes[i], (ushort)i);
        var table = new List<ushort>();
        var level = 0;
        for (var (node, levelEnd) = (0, nodes.Count); node < nodes.Count; node++)
        {
            if (node == levelEnd)
                (level, levelEnd) = (level + 1, nodes.Count);
            var isLast = level == Automaton.PeekLength - 1;
            var survives = nodes[node].Any(matters);
            for (var symbol = 0; symbol < classCount; symbol++)
                table.Add(survives ? Automaton.Survives : Number([.. nodes[node].Select(state => (int)next[(state * classCount) + symbol])], isLast));
        }

        return [.. table];

        ushort Number(int[] states, bool isLast)
        {
            if (states.All(state => state == 0))
                return 0;
            if (isLast || states.Any(matters))
                return Automaton.Survives;
            if (!numbers.TryGetValue(states, out var number))
            {
                if (nodes.Count == Automaton.Survives)
                    return Automaton.Survives;
                numbers.Add(states, number = (ushort)nodes.Count);
                nodes.Add(states);
            }

            return number;
        }
    }
}
