using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Proofgate.Cedar;
using Proofgate.Data;
using Proofgate.Enforcement;
using Proofgate.Inference;
using Proofgate.Inference.Models;
using Proofgate.Policy.Bundles;
using Proofgate.Policy.Testing;
using Xunit.Abstractions;
using Files = Proofgate.Tests.Support.Bundles;

namespace Proofgate.Policy.Tests.Bundles;

/// <summary>The sample bundle does what its tests say, and its tests say enough: no forbid can go, or turn round, unnoticed.</summary>
public sealed partial class SampleBundleTests(ITestOutputHelper output)
{
    private static readonly BundleLoader Loader = new(
        new ServiceCollection().AddProofgateEnforcement(new ConfigurationBuilder().Build()).AddProofgateInference(new ConfigurationBuilder().Build()).AddProofgateCatalog()
            .BuildServiceProvider().GetServices<IBundleSection>());

    private static readonly IReadOnlyDictionary<string, byte[]> Sample = Read();

    [Fact]
    public void Sample_IsLoaded_AndItsTestsReachEveryPolicyInForce()
    {
        var load = Loader.Load(Sample);
        Assert.True(load is BundleLoad.Loaded, string.Join('\n', (load as BundleLoad.Rejected)?.Problems ?? []));

        var bundle = ((BundleLoad.Loaded)load).Bundle;
        var report = BundleTests.Run(bundle, Sample);
        output.WriteLine($"Sample bundle: {bundle.All.Policies.Count} policies, {report.Cases.Count} combinations, {report.Cases.Count(static c => c.ExpectedAllowed)} of them allowed.");
        Assert.True(report.Passed);
        Assert.Empty(report.Coverage.Gaps);
        Assert.All(bundle.Policies.Policies, p => Assert.Contains(report.Cases, c => c.Decision.Policies.Contains(p.Id)));
        Assert.All(bundle.ReportOnly!.Policies, p => Assert.Contains(report.Cases, c => c.Decision.Report?.Policies.Contains(p.Id) == true));
    }

    public static TheoryData<string, string> Mutations()
    {
        var mutations = new TheoryData<string, string>();
        foreach (var id in Texts().SelectMany(static t => Policies(t.Value)).Where(static p => p.Effect == Effect.Forbid && !PolicyBundle.IsReportOnly(p)).Select(static p => p.Id))
        {
            foreach (var change in new[] { "deleted", "negated", "permitted", "unconditional" })
            {
                mutations.Add(id, change);
            }
        }

        return mutations;
    }

    [Theory]
    [MemberData(nameof(Mutations))]
    public void Forbid_CannotBeChanged_WithoutANamedTestThatFails(string id, string change)
    {
        var files = new Dictionary<string, byte[]>(Sample);
        var (name, text) = Texts().Single(t => Policies(t.Value).Any(p => p.Id == id));
        var source = Policies(text).Single(p => p.Id == id).Source;
        files[name] = Encoding.UTF8.GetBytes(text.Replace(source, Change(source, change), StringComparison.Ordinal));

        var mutant = Assert.IsType<BundleLoad.Loaded>(Loader.LoadUntested(files)).Bundle;
        var report = BundleTests.Run(mutant, files);
        var failed = report.Failures.Where(static f => f.Name is not null).Select(static f => f.Name).Distinct().ToList();
        output.WriteLine($"{id} {change}: {string.Join("; ", failed)}");
        Assert.NotEmpty(failed);
        Assert.IsType<BundleLoad.Rejected>(Loader.Load(files));
    }

    [Fact]
    public void Catalog_HasTheModelsOfTheManifest_WithoutAnAddressForUnconfiguredUpstreams()
    {
        var sample = Assert.IsType<BundleLoad.Loaded>(Loader.Load(Sample)).Bundle;
        var catalog = ModelCatalog.Of(sample);

        Assert.Equal(["assistant", "claude", "embeddings", "regional-assistant", "board-assistant"], catalog.Models.Keys);
        Assert.Equal(3, catalog.Models["board-assistant"].MaxLabel);
        Assert.Equal(["openai", "azure", "ollama", "sample"], catalog.Models["assistant"].Targets.Select(static t => t.Upstream.Name));
        // openai has an address in the bundle, but no secret here: it is not asked without one.
        Assert.Null(catalog.Models["assistant"].Usable);
        Assert.Equal(3, sample.KindLabels["US_SSN"]);
    }

    private static string Change(string source, string change) => change switch
    {
        "deleted" => string.Empty,
        "negated" => Negated(source),
        "permitted" => source.Replace("forbid (", "permit (", StringComparison.Ordinal).Replace("@stepup", "@was", StringComparison.Ordinal),
        "unconditional" => Conditions().Split(source)[0].TrimEnd() + ";",
        _ => throw new ArgumentOutOfRangeException(nameof(change), change, null),
    };

    /// <summary><c>when A unless B</c> becomes <c>unless { A and not B }</c>: it forbids what it did not, and nothing that it did.</summary>
    private static string Negated(string source)
    {
        var parts = Conditions().Matches(source);
        var head = source[..parts[0].Index];
        var bodies = parts.Select((m, i) =>
        {
            var end = i + 1 < parts.Count ? parts[i + 1].Index : source.LastIndexOf(';');
            var body = source[(m.Index + m.Length)..end].TrimEnd().TrimEnd('}');
            return m.Groups["word"].Value == "when" ? $"({body})" : $"!({body})";
        });
        return $"{head}\nunless {{ {string.Join(" && ", bodies)} }};";
    }

    private static IEnumerable<KeyValuePair<string, string>> Texts() => Sample
        .Where(static f => f.Key.EndsWith(".cedar", StringComparison.Ordinal))
        .Select(static f => KeyValuePair.Create(f.Key, Encoding.UTF8.GetString(f.Value)));

    private static IReadOnlyList<Cedar.Policy> Policies(string text) =>
        Assert.IsType<PolicySetResult.Parsed>(PolicySet.Parse(text, naming: PolicyNaming.ByAnnotation)).Policies.Policies;

    private static IReadOnlyDictionary<string, byte[]> Read()
    {
        Assert.True(BundleFolder.TryRead(Files.SampleFolder, out var files, out var problem), problem);
        return files;
    }

    [GeneratedRegex(@"\n(?<word>when|unless)\s*\{")]
    private static partial Regex Conditions();
}
