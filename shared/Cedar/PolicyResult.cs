namespace Proofgate.Cedar;

/// <summary>What became of the JSON of one policy or template.</summary>
public abstract record PolicyResult
{
    private PolicyResult()
    {
    }

    public sealed record Parsed(Policy Policy) : PolicyResult;

    public sealed record Failed(IReadOnlyList<CedarError> Errors) : PolicyResult;
}
