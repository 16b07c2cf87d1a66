namespace Proofgate.Cedar;

/// <summary>What became of links to templates.</summary>
public abstract record LinkResult
{
    private LinkResult()
    {
    }

    public sealed record Linked(PolicySet Policies) : LinkResult;

    /// <summary>No link is made.</summary>
    public sealed record Failed(IReadOnlyList<CedarError> Errors) : LinkResult;
}
