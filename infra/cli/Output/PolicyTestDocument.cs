using Proofgate.Cli.Policies;
using Proofgate.Policy.Testing;

namespace Proofgate.Cli.Output;

/// <summary>What <c>policy test --json</c> prints.</summary>
internal sealed record PolicyTestDocument
{
    public required string Folder { get; init; }

    public required string Digest { get; init; }

    public required bool Passed { get; init; }

    /// <summary>Combinations that were decided.</summary>
    public required int Cases { get; init; }

    public required int FailureCount { get; init; }

    public required IReadOnlyList<Failure> Failures { get; init; }

    /// <summary>Faults of the files.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    public PolicyCoverageDocument? Coverage { get; init; }

    /// <param name="Case">Null: no case names the combination, so it must be denied.</param>
    internal sealed record Failure(
        string File, string? Case, string Principal, string Action, string Resource, string Context, bool Expected, PolicyAnswer Actual, string Message);

    internal static PolicyTestDocument Of(BundleOutcome.Loaded bundle, BundleTestReport report, bool coverage) => new()
    {
        Folder = bundle.Folder,
        Digest = bundle.Bundle.Digest,
        Passed = report.Passed,
        Cases = report.Cases.Count,
        FailureCount = report.Failures.Count(),
        Failures = [.. report.Failures.Take(Listed.Most).Select(static f => new Failure(
            f.File, f.Name, f.Principal, f.Action, f.Resource, f.Context, f.ExpectedAllowed, PolicyAnswer.Of(f.Decision), f.Failure!))],
        Problems = [.. report.Problems.Take(Listed.Most).Select(static p => p.ToString())],
        Coverage = coverage ? PolicyCoverageDocument.Of(bundle, report) : null,
    };
}
