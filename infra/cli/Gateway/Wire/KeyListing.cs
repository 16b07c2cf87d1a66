namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Answer of <c>GET /manage/keys</c>.</summary>
internal sealed record KeyListing
{
    public required IReadOnlyList<KeyRecord> Keys { get; init; }
}
