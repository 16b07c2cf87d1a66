namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Answer of <c>POST /keys/leaked</c>.</summary>
internal sealed record LeakReceipt
{
    public required string Status { get; init; }

    public string? Detail { get; init; }
}
