namespace Proofgate.Data.Querying;

/// <summary>Why a query cannot be served: 400, the code for programs, the sentence for people, the member that is wrong.</summary>
public sealed record QueryFault(string Code, string Message, string? Member)
{
    /// <summary>The same for a column that does not exist and for one that is not this caller's to read: which of the two it is would be told otherwise.</summary>
    internal static QueryFault NoSuchColumn(string name, string member) =>
        new("unknown_column", $"'{name}' is not a column of this dataset that you may read. GET /v1/datasets/NAME lists them.", member);
}
