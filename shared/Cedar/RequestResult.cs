namespace Proofgate.Cedar;

/// <summary>What became of a request document.</summary>
public abstract record RequestResult
{
    private RequestResult()
    {
    }

    public sealed record Parsed(Request Request) : RequestResult;

    public sealed record Failed(IReadOnlyList<CedarError> Errors) : RequestResult;
}
