using CsCheck;
using Proofgate.Inference.Models;
using Proofgate.Inference.Routing;

namespace Proofgate.Inference.Tests.Routing;

public sealed class TargetOrderTests
{
    [Fact]
    public void Order_HasEachTargetOnce_AndLowerPrioritiesFirst() => Gen.Select(Gen.Select(Gen.Int[1, 4], Gen.Int[1, ModelTarget.Max]).List[1, 8], Gen.Int).Sample((shares, seed) =>
    {
        var targets = shares.Select(static (s, i) => Target($"t{i}", s.Item1, s.Item2)).ToList();
        var order = TargetOrder.Of(targets, new Random(seed)).ToList();
        Assert.Equal(targets.Select(static t => t.Name).Order(), order.Select(static t => t.Name).Order());
        Assert.Equal(order.Select(static t => t.Priority).Order(), order.Select(static t => t.Priority));
    });

    [Fact]
    public void Weights_AreTheSharesOfTheFirstPlace_AndAmongTheRestOfTheNext()
    {
        const int draws = 20_000;
        var random = new Random(7);
        ModelTarget[] targets = [Target("a", 1, 6), Target("b", 1, 3), Target("c", 1, 1), Target("last", 2, 1000)];
        var orders = Enumerable.Range(0, draws).Select(_ => string.Concat(TargetOrder.Of(targets, random).Select(static t => t.Upstream.Name[0]))).CountBy(static o => o).ToDictionary();

        Assert.All(orders.Keys, static o => Assert.EndsWith("l", o, StringComparison.Ordinal));
        Assert.InRange(Share(static o => o[0] == 'a'), 0.58, 0.62);
        Assert.InRange(Share(static o => o[0] == 'b'), 0.28, 0.32);
        // Without a, b has three of four.
        Assert.InRange(Share(static o => o is "abcl") / Share(static o => o[0] == 'a'), 0.72, 0.78);

        double Share(Func<string, bool> which) => orders.Where(o => which(o.Key)).Sum(static o => o.Value) / (double)draws;
    }

    private static ModelTarget Target(string name, int priority, int weight) => new(
        new UpstreamEntry { Name = name, Provider = "p", Region = "r", External = true, Authentication = UpstreamAuthentication.None, Address = null }, "m")
    {
        Priority = priority,
        Weight = weight,
    };
}
