using Proofgate.Cedar.Explaining;

namespace Proofgate.Policy.Testing;

/// <summary>What the tests of a bundle found.</summary>
public sealed class BundleTestReport
{
    private const int MaxFailures = 20;

    internal BundleTestReport(IReadOnlyList<BundleTestProblem> problems, IReadOnlyList<BundleTestCase> cases, Coverage coverage) =>
        (Problems, Cases, Coverage) = (problems, cases, coverage);

    /// <summary>Every file is whole and every combination is as expected. A bundle without tests passes.</summary>
    public bool Passed => Problems.Count == 0 && Cases.All(static c => c.Passed);

    /// <summary>Faults of the files. A file with one is not run.</summary>
    public IReadOnlyList<BundleTestProblem> Problems { get; }

    /// <summary>Every combination of every file, in the order of files and names. One that several cases name stands under the first that fails.</summary>
    public IReadOnlyList<BundleTestCase> Cases { get; }

    public IEnumerable<BundleTestCase> Failures => Cases.Where(static c => !c.Passed);

    /// <summary>Everything for which the bundle is not taken, each with its place; at most 20 of the tests that fail.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            var failures = Failures.Select(static f => $"{f.File}: {f.Name ?? "no case names it"} ({f.Combination}): {f.Failure}").ToList();
            var faults = Problems.Select(static p => p.ToString()).Concat(failures.Take(MaxFailures)).ToList();
            if (failures.Count > MaxFailures)
            {
                faults.Add($"{failures.Count - MaxFailures} more tests fail: proofgate policy test names them.");
            }

            return faults;
        }
    }

    /// <summary>What the combinations reached, of all policies, those that are report-only too.</summary>
    public Coverage Coverage { get; }
}
