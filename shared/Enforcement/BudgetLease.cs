namespace Proofgate.Enforcement;

/// <summary>How much of what is left one lease takes: the same rule for every store.</summary>
public static class BudgetLease
{
    /// <summary>No lease but a necessary one takes more than this part of what is left, so that instances do not strand the last of it.</summary>
    private const int Part = 4;

    public static long Of(long left, long needed, long wished) =>
        left < needed ? 0 : Math.Max(needed, Math.Min(wished, left / Part));
}
