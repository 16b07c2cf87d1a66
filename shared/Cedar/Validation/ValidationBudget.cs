namespace Proofgate.Cedar.Validation;

/// <summary>Bounds the work of one validation, however the size of policies and schema multiply.</summary>
internal sealed class ValidationBudget(int steps)
{
    // Looking for a near name goes through all names of the schema.
    private const int Hints = 100;

    private int _left = steps;
    private int _hints = Hints;

    public bool IsSpent => _left <= 0;

    /// <summary>False if the work must stop.</summary>
    public bool TrySpend(int steps = 1)
    {
        _left = Math.Max(0, _left - steps);
        return _left > 0;
    }

    /// <summary>False if no more hints are to be looked for.</summary>
    public bool TryHint() => _hints > 0 && _hints-- > 0;
}
