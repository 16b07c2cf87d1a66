using System.Threading.RateLimiting;

namespace Proofgate.Enforcement.Limits;

/// <summary>What a call holds while it is open: places, and parts of budgets.</summary>
internal sealed class Reservation : IDisposable
{
    private readonly List<RateLimitLease> _places = new(4);
    private List<(BudgetAccount Account, long Amount)>? _budgets;

    internal void Hold(RateLimitLease place) => _places.Add(place);

    /// <summary>What is held of one account is settled once, however often more of it was needed.</summary>
    internal void Hold(BudgetAccount account, long amount)
    {
        var budgets = _budgets ??= new(2);
        var held = budgets.FindIndex(b => b.Account == account);
        if (held < 0)
        {
            budgets.Add((account, amount));
            return;
        }

        budgets[held] = (account, budgets[held].Amount + amount);
    }

    /// <summary>Replaces the estimates by what was used. Where that is not known the estimates stand.</summary>
    internal void Settle(long tokens, long cost, bool known)
    {
        if (Interlocked.Exchange(ref _budgets, null) is not { } budgets || !known)
        {
            return;
        }

        foreach (var (account, reserved) in budgets)
        {
            account.Settle(reserved, account.Key.Unit == BudgetUnit.Tokens ? tokens : cost);
        }
    }

    public void Dispose()
    {
        // Never settled: nothing was executed.
        Settle(0, 0, known: true);
        for (var i = _places.Count - 1; i >= 0; i--)
        {
            _places[i].Dispose();
        }
    }
}
