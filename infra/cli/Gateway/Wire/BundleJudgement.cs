namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Answer of <c>POST /manage/policy/check</c>.</summary>
internal sealed record BundleJudgement
{
    public required bool Sound { get; init; }

    public string? Digest { get; init; }

    public string? Name { get; init; }

    public required IReadOnlyList<string> Problems { get; init; }
}
