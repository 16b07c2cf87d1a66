namespace Proofgate.Enforcement;

/// <summary>
/// Daily budgets that all instances share. An instance leases a part and spends it without asking again; the leases of a day together never exceed the
/// limit, so neither do reservations, however many instances there are. A lease that is lost with its instance is not spent.
/// </summary>
public interface IBudgetStore
{
    /// <summary>Leases at least <paramref name="needed"/> and towards <paramref name="wished"/>, the less the nearer the limit is.</summary>
    /// <returns>What was leased; 0 if less than <paramref name="needed"/> is left.</returns>
    /// <exception cref="BudgetUnavailableException">Nobody knows what is left.</exception>
    ValueTask<long> LeaseAsync(BudgetKey key, long needed, long wished, long limit, CancellationToken cancellationToken);

    /// <summary>Gives back what was leased and not spent; negative: what was spent beyond the leases.</summary>
    /// <exception cref="BudgetUnavailableException">It was not given back.</exception>
    ValueTask ReturnAsync(BudgetKey key, long unspent, CancellationToken cancellationToken);
}
