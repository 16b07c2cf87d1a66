namespace Proofgate.Enforcement;

/// <summary>Which budget: whose, of what, on which UTC day.</summary>
/// <param name="Day">Budgets are whole again at midnight UTC.</param>
/// <param name="Owner">Of what sort and which one, for example <c>tenant/acme</c>. Names a person where the budget is a person's.</param>
/// <param name="Unit">What is counted.</param>
public readonly record struct BudgetKey(DateOnly Day, string Owner, BudgetUnit Unit);
