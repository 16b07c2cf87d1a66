using Proofgate.Cedar.Explaining;

namespace Proofgate.Policy.Testing;

/// <summary>Runs the tests beside policies. Their format is described in <c>infra/policy/README.md</c>.</summary>
public static class BundleTests
{
    /// <summary>Combinations of all files together.</summary>
    public const int MaxCombinations = 50_000;

    private const string Folder = "tests/";
    private const string Suffix = ".test.json";

    /// <summary>Whether a file of a bundle is one of its tests.</summary>
    public static bool IsTest(string path) => path.StartsWith(Folder, StringComparison.Ordinal) && path.EndsWith(Suffix, StringComparison.Ordinal);

    /// <param name="bundle">What decides.</param>
    /// <param name="files">The files of a bundle, by relative path: of this one, or of another whose tests this one must pass.</param>
    public static BundleTestReport Run(PolicyBundle bundle, IReadOnlyDictionary<string, byte[]> files)
    {
        var problems = new List<BundleTestProblem>();
        var cases = new List<BundleTestCase>();
        var coverage = new Coverage(bundle.All);
        var resources = bundle.Resources.ToLookup(static r => (r.Entity.Uid.Type, r.Name), static r => r.Entity);
        foreach (var (name, content) in files.Where(static f => IsTest(f.Key)).OrderBy(static f => f.Key, StringComparer.Ordinal))
        {
            if (TestFileReader.Read(name, content, bundle, resources, MaxCombinations - cases.Count, problems) is { } file)
            {
                cases.AddRange(TestRun.Of(file, bundle, coverage));
            }
        }

        return new BundleTestReport(problems, cases, coverage);
    }
}
