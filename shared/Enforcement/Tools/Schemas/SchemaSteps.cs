namespace Proofgate.Enforcement.Tools.Schemas;

/// <summary>How much one check may do: alternatives inside alternatives would else multiply.</summary>
internal sealed class SchemaSteps
{
    private const int Most = 200_000;

    /// <summary>A schema that refers to itself without looking further into the value would else never end.</summary>
    private const int Deepest = 512;

    private int _left = Most;
    private int _depth;

    internal bool AreSpent => _left < 0;

    /// <summary>One schema more is checked inside another.</summary>
    internal bool Enter()
    {
        if (++_depth > Deepest)
        {
            _left = -1;
        }

        return Take();
    }

    internal void Leave() => _depth--;

    internal bool Take(int steps = 1) => (_left -= steps) >= 0;
}
