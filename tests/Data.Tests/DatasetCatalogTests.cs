using Microsoft.Extensions.DependencyInjection;
using Proofgate.Policy;
using Proofgate.Policy.Bundles;
using Proofgate.Protection;
using Proofgate.Tests.Support;

namespace Proofgate.Data.Tests;

public sealed class DatasetCatalogTests
{
    private const string Permit = """@id("p") permit (principal, action, resource);""";

    private const string Manifest =
        """
        { "name": "t",
          "datasets": { "customers": { "label": "internal", "columns": {
            "name": { "label": "internal" },
            "email": { "label": "confidential", "kind": "EMAIL_ADDRESS" } } } } }
        """;

    [Fact]
    public void Catalog_HasEachColumnWithItsLabelAndKind()
    {
        var customers = DatasetCatalog.Of(Bundles.Of(Permit, Manifest, Sections())).Datasets["customers"];

        Assert.Equal(1, customers.Label);
        Assert.Equal(
            [new DatasetColumn("name", 1, null), new DatasetColumn("email", 2, new Kind("EMAIL_ADDRESS"))], customers.Columns.Values);
    }

    [Fact]
    public void Catalog_IsEmpty_WhereTheBundleHasNoDatasets() =>
        Assert.Empty(DatasetCatalog.Of(Bundles.Of(Permit, """{ "name": "t" }""", Sections())).Datasets);

    [Theory]
    [InlineData("\"name\": { \"label\": \"internal\" }", "\"name\": { }", "datasets.customers.columns.name.label")]
    [InlineData("\"name\": { \"label\": \"internal\" }", "\"name\": \"internal\"", "datasets.customers.columns.name")]
    [InlineData("{ \"label\": \"internal\", \"columns\"", "{ \"label\": \"top\", \"columns\"", "datasets.customers.label")]
    [InlineData("\"EMAIL_ADDRESS\"", "\"EMAIL\"", "datasets.customers.columns.email.kind")]
    [InlineData("\"columns\"", "\"fields\"", "datasets.customers.columns")]
    public void Fault_NamesItsPlace(string sound, string faulty, string place)
    {
        Assert.Contains(sound, Manifest, StringComparison.Ordinal);
        var manifest = Manifest.Replace(sound, faulty, StringComparison.Ordinal);
        var problems = Assert.IsType<BundleLoad.Rejected>(Bundles.Load(Sections(), ("bundle.json", manifest), ("p.cedar", Permit))).Problems;

        Assert.Contains(problems, p => p.StartsWith($"bundle.json: {place} ", StringComparison.Ordinal));
    }

    private static IEnumerable<IBundleSection> Sections() =>
        new ServiceCollection().AddProofgateData().BuildServiceProvider().GetServices<IBundleSection>();
}
