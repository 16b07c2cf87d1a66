using System.Collections.Concurrent;

namespace Proofgate.Enforcement.Limits;

/// <summary>Tokens of each key on the current UTC day. As many entries as keys were used that day; the day's end empties it.</summary>
internal sealed class TokenBudgets(TimeProvider time)
{
    private Day _today = new(DateOnly.MinValue);

    /// <param name="key">Whose budget.</param>
    /// <param name="tokens">What to reserve.</param>
    /// <param name="budget">Tokens a day; null: nothing is counted.</param>
    /// <param name="counter">
    /// Where the reservation stands and is settled. It stays that of its own day: what is given back after midnight is not given to the new day.
    /// </param>
    /// <param name="untilMidnight">When the budget is whole again.</param>
    internal bool TryReserve(string key, long tokens, long? budget, out TokenCounter? counter, out TimeSpan untilMidnight)
    {
        var now = time.GetUtcNow().UtcDateTime;
        untilMidnight = now.Date.AddDays(1) - now;
        counter = null;
        if (budget is not { } limit)
        {
            return true;
        }

        var found = On(DateOnly.FromDateTime(now)).Counters.GetOrAdd(key, static _ => new TokenCounter());
        if (!found.TryAdd(tokens, limit))
        {
            return false;
        }

        counter = found;
        return true;
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
        internal ConcurrentDictionary<string, TokenCounter> Counters { get; } = new(StringComparer.Ordinal);
    }
}
