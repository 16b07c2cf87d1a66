namespace Proofgate.Enforcement;

/// <summary>What a budget counts.</summary>
public enum BudgetUnit
{
    Tokens,

    /// <summary>Millionths of the currency in which the bundle states its prices.</summary>
    Cost,
}
