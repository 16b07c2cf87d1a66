namespace Proofgate.Cli.Output;

/// <summary>What <c>policy format --json</c> prints.</summary>
internal sealed record PolicyFormatDocument
{
    public required string Folder { get; init; }

    /// <summary>Policy files that were read.</summary>
    public required int Files { get; init; }

    /// <summary>Those whose layout is, or was, another.</summary>
    public required IReadOnlyList<string> Changed { get; init; }

    /// <summary>Files that cannot be read as policies stay as they are.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}
