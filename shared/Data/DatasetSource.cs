namespace Proofgate.Data;

/// <summary>Where the rows of a dataset are. Written by the bundle's author, never by a caller.</summary>
public sealed record DatasetSource
{
    public required ConnectorKind Connector { get; init; }

    /// <summary>Name of the entry of <c>Proofgate:DataSources</c> that says where, and with which credential.</summary>
    public required string Connection { get; init; }

    /// <summary>A table or a view, with its schema before a dot where it has one; for an HTTP source its path. Null where <see cref="Statement"/> is set.</summary>
    public string? Table { get; init; }

    /// <summary>A fixed query whose rows are the dataset's.</summary>
    public string? Statement { get; init; }
}
