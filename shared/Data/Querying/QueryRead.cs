namespace Proofgate.Data.Querying;

/// <summary>What became of reading a body.</summary>
public abstract record QueryRead
{
    private QueryRead()
    {
    }

    public sealed record Understood(QuerySyntax Query) : QueryRead;

    public sealed record Rejected(QueryFault Fault) : QueryRead;
}
