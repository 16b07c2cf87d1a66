namespace Proofgate.Cedar.Validation;

/// <summary>Bounds the work of one validation, however the size of policies and schema multiply.</summary>
internal sealed class ValidationBudget(int steps)
{
    private int _left = steps;

    public bool IsSpent => _left <= 0;

    /// <summary>False if the work must stop.</summary>
    public bool TrySpend() => _left > 0 && _left-- > 0;
}
