using Proofgate.Inference.Models;

namespace Proofgate.Inference.Routing;

/// <summary>In which order a call's targets are asked: by priority, and within one by a draw in which each has its weight.</summary>
internal static class TargetOrder
{
    internal static IEnumerable<ModelTarget> Of(IEnumerable<ModelTarget> targets, Random random) =>
        targets.GroupBy(static t => t.Priority).OrderBy(static g => g.Key).SelectMany(g => Drawn([.. g], random));

    /// <summary>Those that are drawn later are the fallbacks of those before, in the same proportions.</summary>
    private static IEnumerable<ModelTarget> Drawn(List<ModelTarget> left, Random random)
    {
        while (left.Count > 1)
        {
            var at = random.Next(left.Sum(static t => t.Weight));
            var drawn = left.First(t => (at -= t.Weight) < 0);
            left.Remove(drawn);
            yield return drawn;
        }

        foreach (var last in left)
        {
            yield return last;
        }
    }
}
