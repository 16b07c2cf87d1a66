using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Audit.Events;
using Proofgate.Enforcement.Limits;
using Proofgate.Support;
using Proofgate.Tests.Support;
using Xunit.Abstractions;

namespace Proofgate.Enforcement.Tests.Limits;

/// <summary>One budget, several instances: together they never reserve more than there is.</summary>
public sealed class SharedBudgetTests(ITestOutputHelper output)
{
    private const long Limit = 1000;

    private enum Act
    {
        Reserve,
        Settle,
        Return,
        Crash,
    }

    private static readonly BudgetKey Key = new(new DateOnly(2026, 3, 4), "tenant/a", BudgetUnit.Tokens);

    /// <summary>
    /// The bound: what was used, or is reserved, exceeds the limit by no more than what calls have used beyond what they reserved. Whatever instances do,
    /// crash and lose answers included.
    /// </summary>
    [Fact]
    [Trait("Category", "Heavy")]
    public void Reservations_StayUnderTheLimit_WhateverInstancesDo()
    {
        var count = Counts.Of(100_000, output);
        var act = Gen.Select(Gen.Int[0, 3], Gen.Enum<Act>(), Gen.Long[1, 200], Gen.Long[0, 250], Gen.Bool);
        act.List[1, 60].Sample(
            acts =>
            {
                var store = new LossyStore();
                var instances = Enumerable.Range(0, 4).Select(_ => new Instance(store)).ToArray();
                var (used, excess) = (0L, 0L);
                foreach (var (at, what, amount, actual, loses) in acts)
                {
                    store.LosesNext = loses;
                    switch (what)
                    {
                        case Act.Reserve:
                            if (instances[at].TryReserve(amount))
                            {
                                instances[at].Open.Add(amount);
                            }

                            break;
                        case Act.Settle when instances[at].Open is [.., var reserved] open:
                            open.RemoveAt(open.Count - 1);
                            instances[at].Account.Settle(reserved, actual);
                            used += actual;
                            excess += Math.Max(0, actual - reserved);
                            break;
                        case Act.Return:
                            instances[at].Return();
                            break;
                        case Act.Crash:
                            // What its open calls used is unknown; at most what they reserved.
                            used += instances[at].Open.Sum();
                            instances[at] = new Instance(store);
                            break;
                    }

                    Assert.True(used + instances.Sum(static i => i.Open.Sum()) <= Limit + excess, "More was reserved than there is.");
                }
            },
            iter: count);
    }

    [Fact]
    public async Task Instances_SpendTheWholeBudget_ThoughOneHoldsALease()
    {
        var store = new MemoryBudgets();
        var (one, other) = (new Instance(store), new Instance(store));
        Assert.True(one.TryReserve(1));
        one.Account.Settle(1, 1);

        var spent = 0L;
        while (other.TryReserve(1))
        {
            spent++;
        }

        // The first holds a twentieth, until it is seen to be idle.
        Assert.Equal(Limit - (Limit / 20), spent);
        await one.Account.ReturnAsync(all: false, CancellationToken.None);
        await one.Account.ReturnAsync(all: false, CancellationToken.None);
        other.Time.Advance(TimeSpan.FromSeconds(1));
        while (other.TryReserve(1))
        {
            spent++;
        }

        Assert.Equal(Limit - 1, spent);
    }

    [Fact]
    public async Task Excess_IsReported_AndCountsForAllInstances()
    {
        var store = new MemoryBudgets();
        var (one, other) = (new Instance(store), new Instance(store));
        Assert.True(one.TryReserve(10));
        one.Account.Settle(10, 990);
        await one.Account.ReturnAsync(all: false, CancellationToken.None);

        Assert.False(other.TryReserve(11));
        other.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(other.TryReserve(10));
    }

    [Fact]
    public async Task Store_IsNotAskedAgainForASecond_WhenItHasRefused()
    {
        var store = new CountingStore();
        var instance = new Instance(store);
        for (var i = 0; i < 100; i++)
        {
            Assert.False(instance.TryReserve(500));
        }

        Assert.Equal(1, store.Asked);
        // A smaller call may fit.
        Assert.False(instance.TryReserve(499));
        Assert.Equal(2, store.Asked);
        instance.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(instance.TryReserve(499));
        Assert.Equal(3, store.Asked);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Call_IsRefusedWith503_WhenNobodyKnowsWhatIsLeft()
    {
        var store = new LossyStore();
        using var house = new House(new AdmissionOptions { TokensPerDay = 1000 }, store);
        var call = TextCall.Of("""@id("all") permit (principal, action, resource);""") with { EstimatedTokens = 10 };
        await (await house.AdmitAsync(call)).DisposeAsync();
        store.IsDown = true;

        // What was leased before is good.
        await (await house.AdmitAsync(call)).DisposeAsync();
        var refusal = await house.RefuseAsync(call with { EstimatedTokens = 900 });

        Assert.Equal((503, "budget_unavailable"), (refusal.Status, refusal.Code));
        Assert.NotNull(refusal.RetryAfter);
        Assert.Equal("budget_unavailable", house.Stream.Acknowledged.OfType<RefusalEvent>().Last().Reason);
    }

    private sealed class Instance(IBudgetStore store)
    {
        internal FakeTimeProvider Time { get; } = new();

        internal BudgetAccount Account => field ??= new BudgetAccount(Key, store, Time);

        internal List<long> Open { get; } = [];

        internal bool TryReserve(long amount)
        {
            try
            {
                return Account.ReserveAsync(amount, Limit, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            }
            catch (BudgetUnavailableException)
            {
                return false;
            }
        }

        internal void Return()
        {
            try
            {
                Account.ReturnAsync(all: true, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            }
            catch (BudgetUnavailableException)
            {
                // Lost for the day.
            }
        }
    }

    /// <summary>Does what it is asked and may lose the answer.</summary>
    private sealed class LossyStore : IBudgetStore
    {
        private readonly MemoryBudgets _inner = new();

        internal bool LosesNext { get; set; }

        internal bool IsDown { get; set; }

        public async ValueTask<long> LeaseAsync(BudgetKey key, long needed, long wished, long limit, CancellationToken cancellationToken)
        {
            Refuse();
            var leased = await _inner.LeaseAsync(key, needed, wished, limit, cancellationToken);
            Lose();
            return leased;
        }

        public async ValueTask ReturnAsync(BudgetKey key, long unspent, CancellationToken cancellationToken)
        {
            Refuse();
            await _inner.ReturnAsync(key, unspent, cancellationToken);
            Lose();
        }

        private void Refuse()
        {
            if (IsDown)
            {
                throw new BudgetUnavailableException("down");
            }
        }

        private void Lose()
        {
            if (LosesNext)
            {
                throw new BudgetUnavailableException("the answer was lost");
            }
        }
    }

    private sealed class CountingStore : IBudgetStore
    {
        internal int Asked { get; private set; }

        public ValueTask<long> LeaseAsync(BudgetKey key, long needed, long wished, long limit, CancellationToken cancellationToken)
        {
            Asked++;
            return ValueTask.FromResult(0L);
        }

        public ValueTask ReturnAsync(BudgetKey key, long unspent, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
