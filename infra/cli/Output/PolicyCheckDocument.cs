namespace Proofgate.Cli.Output;

/// <summary>What <c>policy check --json</c> prints.</summary>
internal sealed record PolicyCheckDocument
{
    public required string Folder { get; init; }

    public required bool Sound { get; init; }

    public string? Name { get; init; }

    /// <summary>SHA-256, lower-case hex.</summary>
    public string? Digest { get; init; }

    public int? Policies { get; init; }

    public int? TestFiles { get; init; }

    /// <summary><c>file:line:column: what (hint)</c>, as far as the place is known.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}
