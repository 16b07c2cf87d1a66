using System.Text;
using Proofgate.Policy;
using Proofgate.Policy.Bundles;

namespace Proofgate.Tests.Support;

/// <summary>Bundles from texts.</summary>
internal static class Bundles
{
    internal const string Manifest = """{ "name": "test" }""";

    internal static PolicyBundle Of(string policies, string manifest = Manifest, params IEnumerable<IBundleSection> sections) =>
        Load(sections, ("bundle.json", manifest), ("p.cedar", policies)) switch
        {
            BundleLoad.Loaded loaded => loaded.Bundle,
            BundleLoad.Rejected rejected => throw new ArgumentException(string.Join("; ", rejected.Problems)),
            _ => throw new InvalidOperationException("A load has two ends."),
        };

    internal static IReadOnlyList<string> Problems(params (string Name, string Text)[] files) =>
        Assert.IsType<BundleLoad.Rejected>(Load([], files)).Problems;

    internal static BundleLoad Load(IEnumerable<IBundleSection> sections, params (string Name, string Text)[] files) =>
        new BundleLoader(sections).Load(files.ToDictionary(static f => f.Name, static f => Encoding.UTF8.GetBytes(f.Text)));

    /// <summary>The sample bundle of the repository.</summary>
    internal static string SampleFolder { get; } = FindSample();

    private static string FindSample()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "infra", "policy", "sample", "bundle.json")))
            {
                return Path.Combine(folder.FullName, "infra", "policy", "sample");
            }
        }

        throw new DirectoryNotFoundException("infra/policy/sample is not above the test's folder.");
    }
}
