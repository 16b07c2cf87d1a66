namespace Proofgate.Enforcement;

/// <summary>The store of budgets cannot be reached. A call that needs more than its instance has leased is refused.</summary>
public sealed class BudgetUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);
