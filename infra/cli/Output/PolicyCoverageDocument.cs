using Proofgate.Cli.Policies;
using Proofgate.Policy.Testing;

namespace Proofgate.Cli.Output;

/// <summary>What <c>policy coverage --json</c> prints.</summary>
internal sealed record PolicyCoverageDocument
{
    public required string Folder { get; init; }

    public required string Digest { get; init; }

    /// <summary>Nothing is missing.</summary>
    public required bool Complete { get; init; }

    /// <summary>Requests that the tests made.</summary>
    public required int Evaluations { get; init; }

    public required IReadOnlyList<Covered> Policies { get; init; }

    public required int GapCount { get; init; }

    public required IReadOnlyList<Gap> Gaps { get; init; }

    internal sealed record Covered(string Id, string? File, int Line, int InScope, int Satisfied, int Failed);

    internal sealed record Gap(string Policy, string? File, int Line, int Column, string Message);

    internal static PolicyCoverageDocument Of(BundleOutcome.Loaded bundle, BundleTestReport report)
    {
        var gaps = report.Coverage.Gaps;
        return new PolicyCoverageDocument
        {
            Folder = bundle.Folder,
            Digest = bundle.Bundle.Digest,
            Complete = gaps.Count == 0,
            Evaluations = report.Coverage.Evaluations,
            Policies = [.. report.Coverage.Policies.Select(static p => new Covered(p.Policy.Id, p.Policy.FileName, p.Policy.Position.Line, p.InScope, p.Satisfied, p.Failed))],
            GapCount = gaps.Count,
            Gaps = [.. gaps.Take(Listed.Most).Select(static g => new Gap(g.Policy.Id, g.Policy.FileName, g.Position.Line, g.Position.Column, g.Message))],
        };
    }
}
