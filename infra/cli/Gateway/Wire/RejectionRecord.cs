namespace Proofgate.Cli.Gateway.Wire;

/// <summary>A newer bundle that the instance did not take.</summary>
internal sealed record RejectionRecord
{
    public string? Digest { get; init; }

    public required IReadOnlyList<string> Problems { get; init; }
}
