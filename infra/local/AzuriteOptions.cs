namespace Proofgate.Local;

/// <summary>Where Azurite keeps its data and where it listens. It binds 127.0.0.1 only.</summary>
public sealed record AzuriteOptions
{
    /// <summary>Made if it is missing; used by one server at a time.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The folder of the package.json that pins Azurite; null: found by <see cref="Repository.FindRoot"/>.</summary>
    public string? RepositoryRoot { get; init; }

    /// <summary>0: a free port.</summary>
    public int BlobPort { get; init; }

    /// <summary>0: a free port.</summary>
    public int QueuePort { get; init; }

    /// <summary>0: a free port.</summary>
    public int TablePort { get; init; }

    /// <summary>Folders in which Node.js and npm are looked for, in the form of PATH.</summary>
    internal string SearchPath { get; init; } = Environment.GetEnvironmentVariable("PATH") ?? "";
}
