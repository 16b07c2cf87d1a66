namespace Proofgate.Cli.Output;

/// <summary>What <c>chat --json</c> prints when the answer is whole.</summary>
internal sealed record ChatDocument
{
    public required string Model { get; init; }

    public required string Text { get; init; }

    public string? FinishReason { get; init; }

    public long? InputTokens { get; init; }

    public long? OutputTokens { get; init; }

    public string? Label { get; init; }

    public string? AuditId { get; init; }
}
