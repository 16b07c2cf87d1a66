namespace Proofgate.Cedar.Schemas;

/// <summary>Orders things so that each comes behind what it needs. Without recursion: chains may be long.</summary>
internal static class DependencyOrder
{
    /// <param name="needs">By index, the indexes of what each needs.</param>
    /// <param name="cycle">If there is no order: things that need one another, in that sequence.</param>
    public static List<int>? Of(IReadOnlyList<int>[] needs, out List<int> cycle)
    {
        var neededBy = new List<int>[needs.Length];
        var open = new int[needs.Length];
        for (var i = 0; i < needs.Length; i++)
        {
            open[i] = needs[i].Count;
            foreach (var need in needs[i])
                (neededBy[need] ??= []).Add(i);
        }

        var order = new List<int>(needs.Length);
        for (var i = 0; i < needs.Length; i++)
        {
            if (open[i] == 0)
                order.Add(i);
        }

        for (var done = 0; done < order.Count; done++)
        {
            foreach (var waiting in neededBy[order[done]] ?? [])
            {
                if (--open[waiting] == 0)
                    order.Add(waiting);
            }
        }

        cycle = order.Count == needs.Length ? [] : Cycle(needs, open);
        return cycle.Count == 0 ? order : null;
    }

    /// <summary>Whatever is still open needs something open, so walking on must come back.</summary>
    private static List<int> Cycle(IReadOnlyList<int>[] needs, int[] open)
    {
        var at = Array.FindIndex(open, count => count > 0);
        var seen = new Dictionary<int, int>();
        var path = new List<int>();
        while (seen.TryAdd(at, path.Count))
        {
            path.Add(at);
            at = needs[at].First(need => open[need] > 0);
        }

        return path[seen[at]..];
    }
}
