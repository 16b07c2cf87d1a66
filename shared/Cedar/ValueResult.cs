namespace Proofgate.Cedar;

/// <summary>What became of a JSON value.</summary>
public abstract record ValueResult
{
    private ValueResult()
    {
    }

    public sealed record Parsed(Value Value) : ValueResult;

    public sealed record Failed(IReadOnlyList<CedarError> Errors) : ValueResult;
}
