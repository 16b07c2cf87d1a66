namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Answer of <c>GET /manage/keys</c>: a page.</summary>
internal sealed record KeyListing
{
    public required IReadOnlyList<KeyRecord> Keys { get; init; }

    /// <summary>Where to go on; null at the end.</summary>
    public string? Next { get; init; }
}
