using System.Collections.Concurrent;

namespace Proofgate.Enforcement.Limits;

/// <summary>This instance's accounts of the current UTC day. As many as were used that day; the day's end empties it.</summary>
internal sealed class Budgets(IBudgetStore store, TimeProvider time)
{
    private Day _today = new(DateOnly.MinValue);

    /// <summary>When the budgets are whole again.</summary>
    internal TimeSpan UntilMidnight
    {
        get
        {
            var now = time.GetUtcNow().UtcDateTime;
            return now.Date.AddDays(1) - now;
        }
    }

    /// <summary>
    /// The account of today. A reservation is settled with the account that it was made with: what is given back after midnight is not given to the new
    /// day.
    /// </summary>
    internal BudgetAccount Of(string owner, BudgetUnit unit)
    {
        var today = On(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
        return today.Accounts.TryGetValue((owner, unit), out var account)
            ? account
            : today.Accounts.GetOrAdd((owner, unit), new BudgetAccount(new BudgetKey(today.Date, owner, unit), store, time));
    }

    /// <summary>Gives back what is idle; with <paramref name="all"/>, everything.</summary>
    /// <exception cref="BudgetUnavailableException">The store cannot be reached; what was being given back is lost for the day.</exception>
    internal async ValueTask ReturnAsync(bool all, CancellationToken cancellationToken)
    {
        foreach (var account in Volatile.Read(ref _today).Accounts.Values)
        {
            await account.ReturnAsync(all, cancellationToken);
        }
    }

    private Day On(DateOnly date)
    {
        var today = Volatile.Read(ref _today);
        while (today.Date != date)
        {
            // Of calls that see midnight at once, one begins the day and all count on it.
            Interlocked.CompareExchange(ref _today, new Day(date), today);
            today = Volatile.Read(ref _today);
        }

        return today;
    }

    private sealed record Day(DateOnly Date)
    {
        internal ConcurrentDictionary<(string Owner, BudgetUnit Unit), BudgetAccount> Accounts { get; } = new();
    }
}
