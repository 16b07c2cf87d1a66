namespace Proofgate.Enforcement.Limits;

/// <summary>What one key, subject, tenant or model may use; null: no limit of that kind.</summary>
internal sealed record ScopeLimits
{
    internal static readonly ScopeLimits None = new();

    /// <summary>Of one instance.</summary>
    internal int? RequestsPerMinute { get; init; }

    /// <summary>Open requests of one instance.</summary>
    internal int? Concurrent { get; init; }

    /// <summary>A UTC day, over all instances.</summary>
    internal long? TokensPerDay { get; init; }

    /// <summary>Millionths of the currency of the prices, a UTC day, over all instances.</summary>
    internal long? CostPerDay { get; init; }

    /// <summary>Budget of a unit.</summary>
    internal long? PerDay(BudgetUnit unit) => unit == BudgetUnit.Tokens ? TokensPerDay : CostPerDay;
}
