namespace Proofgate.Cli.Local;

/// <summary><c>.proofgate/state.json</c>, version 1: where the gateway of the local run listens and keeps its tables.</summary>
internal sealed record LocalState
{
    internal const int CurrentVersion = 1;

    public required int Version { get; init; }

    public required string Gateway { get; init; }

    public int? ProcessId { get; init; }

    public LocalStorage? Storage { get; init; }

    /// <summary>Name of the audit stream's hub.</summary>
    public string? Hub { get; init; }

    /// <summary>Folder with checkpoints, tiles and bundles.</summary>
    public string? Evidence { get; init; }

    /// <summary>Verifier key of the super-log.</summary>
    public string? LogKey { get; init; }

    /// <summary>That key and those that signed before it.</summary>
    public IReadOnlyList<string>? LogKeys { get; init; }

    internal IReadOnlyList<string> PinnedKeys => LogKeys ?? (LogKey is { } key ? [key] : []);
}
