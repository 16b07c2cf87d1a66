using System.Collections.Concurrent;

namespace Proofgate.Enforcement.Limits;

/// <summary>Budgets of one instance, where the host has no store that others share.</summary>
internal sealed class MemoryBudgets : IBudgetStore
{
    private readonly ConcurrentDictionary<BudgetKey, long> _leased = new();
    private DateOnly _today;

    public ValueTask<long> LeaseAsync(BudgetKey key, long needed, long wished, long limit, CancellationToken cancellationToken)
    {
        Forget(key.Day);
        while (true)
        {
            var leased = _leased.GetOrAdd(key, 0);
            var lease = BudgetLease.Of(limit - leased, needed, wished);
            if (lease == 0 || _leased.TryUpdate(key, leased + lease, leased))
            {
                return ValueTask.FromResult(lease);
            }
        }
    }

    public ValueTask ReturnAsync(BudgetKey key, long unspent, CancellationToken cancellationToken)
    {
        _leased.AddOrUpdate(key, -unspent, (_, leased) => leased - unspent);
        return ValueTask.CompletedTask;
    }

    /// <summary>The days before yesterday: what ends late is still given back to its own day.</summary>
    private void Forget(DateOnly today)
    {
        if (_today == today)
        {
            return;
        }

        _today = today;
        foreach (var old in _leased.Keys.Where(k => k.Day < today.AddDays(-1)))
        {
            _leased.TryRemove(old, out _);
        }
    }
}
