namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Answer of <c>GET /manage/deny</c>, and what <c>deny list --json</c> prints.</summary>
internal sealed record DenyListing
{
    public required IReadOnlyList<DenyRecord> Entries { get; init; }
}
