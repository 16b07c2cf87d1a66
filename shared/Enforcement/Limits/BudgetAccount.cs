using System.Diagnostics.CodeAnalysis;

namespace Proofgate.Enforcement.Limits;

/// <summary>
/// This instance's part of one budget: what it has leased, and what of that is reserved or spent. What is reserved never exceeds what is leased; only
/// a call that uses more than it reserved can, and the next lease makes up for it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody asks for holds nothing that has to be given back.")]
internal sealed class BudgetAccount(BudgetKey key, IBudgetStore store, TimeProvider time)
{
    /// <summary>A lease is a twentieth of the budget: a busy instance asks the store twenty times a day, an idle one holds little back.</summary>
    private const int Leases = 20;

    /// <summary>What the store refused is not asked again so soon: refused calls cost it nothing.</summary>
    private static readonly TimeSpan RefusalHolds = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1);
    private long _leased;
    private long _used;
    private long _usedBefore;
    private (long Missing, long Limit, long At)? _refused;

    internal BudgetKey Key => key;

    /// <exception cref="BudgetUnavailableException">More has to be leased, and the store cannot be reached.</exception>
    internal ValueTask<bool> ReserveAsync(long amount, long limit, CancellationToken cancellationToken) =>
        TryReserve(amount) ? ValueTask.FromResult(true) : LeaseAsync(amount, limit, cancellationToken);

    /// <summary>Replaces what was reserved by what was used.</summary>
    internal void Settle(long reserved, long used)
    {
        lock (_lock)
        {
            _used += used - reserved;
        }
    }

    /// <summary>How much of a budget this instance has reserved or spent today: 0 to 1, and more where calls used more than they reserved.</summary>
    internal double PartOf(long limit)
    {
        lock (_lock)
        {
            return limit > 0 ? (double)_used / limit : 1;
        }
    }

    /// <summary>Gives back what nobody has needed since the last time, and reports what was spent beyond the leases.</summary>
    /// <param name="all">Also of an account that is in use: the instance ends.</param>
    internal async ValueTask ReturnAsync(bool all, CancellationToken cancellationToken)
    {
        long unspent;
        lock (_lock)
        {
            var idle = _used == _usedBefore;
            _usedBefore = _used;
            unspent = _leased - _used;
            if (unspent == 0 || (unspent > 0 && !idle && !all))
            {
                return;
            }

            // First, so that nothing is spent that has been given back. What is lost on the way is not spent at all.
            _leased -= unspent;
        }

        try
        {
            await store.ReturnAsync(key, unspent, cancellationToken);
        }
        catch (BudgetUnavailableException) when (unspent < 0)
        {
            lock (_lock)
            {
                _leased += unspent;
            }
        }
    }

    private bool TryReserve(long amount)
    {
        lock (_lock)
        {
            if (_used + amount > _leased)
            {
                return false;
            }

            _used += amount;
            return true;
        }
    }

    private async ValueTask<bool> LeaseAsync(long amount, long limit, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // Others may take what was leased before this call does.
            while (!TryReserve(amount))
            {
                if (!await LeaseOnceAsync(amount, limit, cancellationToken))
                {
                    return false;
                }
            }

            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask<bool> LeaseOnceAsync(long amount, long limit, CancellationToken cancellationToken)
    {
        long missing;
        lock (_lock)
        {
            missing = _used + amount - _leased;
        }

        // What another call has given back meanwhile is enough.
        if (missing <= 0)
        {
            return true;
        }

        if (_refused is { } refused && missing >= refused.Missing && limit <= refused.Limit && time.GetElapsedTime(refused.At) < RefusalHolds)
        {
            return false;
        }

        var leased = await store.LeaseAsync(key, missing, Math.Max(missing, limit / Leases), limit, cancellationToken);
        lock (_lock)
        {
            _leased += leased;
        }

        _refused = leased == 0 ? (missing, limit, time.GetTimestamp()) : null;
        return leased > 0;
    }
}
