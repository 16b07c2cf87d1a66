using CsCheck;
using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests;

public sealed class EntitiesTests
{
    [Fact]
    public void Ancestors_AreThoseOfANaiveWalk_ForAnyAcyclicGraph() =>
        Generators.Acyclic.Sample(entities =>
        {
            var closed = Entities.Create(entities);
            return Array.TrueForAll(entities, e => closed.Ancestors(e.Uid).ToHashSet().SetEquals(Naive(entities, e.Uid)));
        });

    [Fact]
    public void Layers_GiveTheAncestorsOfOneSet_HoweverTheEntitiesAreDivided() =>
        Gen.Select(Generators.Acyclic, Gen.Int[0, 2].Array[12]).Sample((entities, layerOf) =>
        {
            var layered = Entities.Empty;
            for (var layer = 0; layer < 3; layer++)
                layered = layered.With([.. entities.Where((_, number) => layerOf[number] == layer)]);

            return layered.Count == entities.Length
                && layered.All.Select(e => e.Uid).ToHashSet().SetEquals(entities.Select(e => e.Uid))
                && Array.TrueForAll(entities, e => layered.Ancestors(e.Uid).ToHashSet().SetEquals(Naive(entities, e.Uid)));
        });

    [Fact]
    public void Cycle_IsRefused_InOneLayerAndAcrossLayers()
    {
        var a = new Entity(new EntityUid("E", "a")) { Parents = [new EntityUid("E", "b")] };
        var b = new Entity(new EntityUid("E", "b")) { Parents = [new EntityUid("E", "a")] };
        var self = new Entity(new EntityUid("E", "c")) { Parents = [new EntityUid("E", "c")] };

        Assert.Throws<ArgumentException>(() => Entities.Create([a, b]));
        Assert.Throws<ArgumentException>(() => Entities.Create([self]));
        Assert.Throws<ArgumentException>(() => Entities.Create([a]).With([b]));
        Assert.Contains("is its own ancestor", Assert.IsType<EntitiesResult.Failed>(Entities.Load([a, b])).Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Duplicate_IsAccepted_OnlyIfItIsTheSame()
    {
        var one = new Entity(new EntityUid("E", "a")) { Attributes = RecordValue.Of(("n", 1)) };
        var same = new Entity(new EntityUid("E", "a")) { Attributes = RecordValue.Of(("n", 1)) };
        var other = new Entity(new EntityUid("E", "a")) { Attributes = RecordValue.Of(("n", 2)) };

        Assert.Equal(1, Entities.Create([one, same]).Count);
        Assert.Equal(1, Entities.Create([one]).With([same]).Count);
        Assert.Throws<ArgumentException>(() => Entities.Create([one, other]));
        Assert.Throws<ArgumentException>(() => Entities.Create([one]).With([other]));
    }

    [Fact]
    public void LongChain_IsClosed_WithoutDeepRecursion()
    {
        var chain = Enumerable.Range(0, 2_000).Select(n => new Entity(Generators.Numbered(n)) { Parents = [Generators.Numbered(n + 1)] }).ToArray();

        Assert.True(Entities.Create(chain).IsIn(Generators.Numbered(0), Generators.Numbered(2_000)));
        Assert.True(Entities.Create(chain.Reverse()).IsIn(Generators.Numbered(0), Generators.Numbered(2_000)));
    }

    [Fact]
    public void Closure_IsRefused_BeyondItsLimit()
    {
        var chain = Enumerable.Range(0, 3_000).Select(n => new Entity(Generators.Numbered(n)) { Parents = [Generators.Numbered(n + 1)] });

        var failed = Assert.IsType<EntitiesResult.Failed>(Entities.Load(chain));

        Assert.Contains("ancestors together", failed.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parent_CountsAsAncestor_EvenIfItDoesNotExist()
    {
        var entities = Entities.Create([new Entity(new EntityUid("E", "a")) { Parents = [new EntityUid("G", "nowhere")] }]);

        Assert.True(entities.IsIn(new EntityUid("E", "a"), new EntityUid("G", "nowhere")));
        Assert.False(entities.TryGet(new EntityUid("G", "nowhere"), out _));
    }

    private static HashSet<EntityUid> Naive(Entity[] entities, EntityUid start)
    {
        var found = new HashSet<EntityUid>();
        Walk(start);
        return found;

        void Walk(EntityUid uid)
        {
            foreach (var parent in entities.FirstOrDefault(e => e.Uid == uid)?.Parents ?? [])
            {
                if (found.Add(parent))
                    Walk(parent);
            }
        }
    }
}
