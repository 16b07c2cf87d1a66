namespace Proofgate.Cedar;

/// <summary>What became of a policy text.</summary>
public abstract record PolicySetResult
{
    private PolicySetResult()
    {
    }

    public sealed record Parsed(PolicySet Policies) : PolicySetResult;

    /// <summary>Nothing of the text is used. At most one error a policy, in the order of the text.</summary>
    public sealed record Failed(IReadOnlyList<CedarError> Errors) : PolicySetResult;
}
