using Microsoft.Extensions.DependencyInjection;
using Proofgate.Data.Tests.Support;
using Proofgate.Policy;
using Proofgate.Policy.Bundles;
using Proofgate.Protection;
using Proofgate.Tests.Support;

namespace Proofgate.Data.Tests;

public sealed class DatasetCatalogTests
{
    private const string Permit = """@id("p") permit (principal, action, resource);""";

    private static readonly string Manifest = People.Manifest("sqlite", """{ "maxRows": 7, "timeoutSeconds": 2, "maxEvaluated": 3, "minGroup": 4 }""");

    [Fact]
    public void Catalog_HasEachDatasetAsItIsWritten()
    {
        var people = DatasetCatalog.Of(Bundles.Of(Permit, Manifest, Sections())).Datasets["people"];

        Assert.Equal(1, people.Label);
        Assert.Equal(new DatasetSource { Connector = ConnectorKind.Sqlite, Connection = "main", Table = "people" }, people.Source);
        Assert.Equal(new DatasetColumn { Name = "id", SourceName = "id", Type = ColumnType.Integer, Label = 0, IsRequired = true }, people.Columns["id"]);
        Assert.Equal(new DatasetColumn { Name = "email", SourceName = "email", Type = ColumnType.String, Label = 2, Kind = new Kind("EMAIL_ADDRESS") }, people.Columns["email"]);
        Assert.Equal((people.Columns["tenant"], null), (people.TenantColumn, people.Tenant));
        Assert.Equal([people.Columns["id"]], people.Key);
        Assert.Equal(new DatasetLimits { MaxRows = 7, Timeout = TimeSpan.FromSeconds(2), MaxEvaluated = 3, MinGroup = 4 }, people.Limits);
    }

    [Fact]
    public void Catalog_IsEmpty_WhereTheBundleHasNoDatasets() =>
        Assert.Empty(DatasetCatalog.Of(Bundles.Of(Permit, """{ "name": "t" }""", Sections())).Datasets);

    [Theory]
    [InlineData("\"type\": \"integer\", \"label\": \"restricted\"", "\"type\": \"integer\"", "datasets.people.columns.salary.label")]
    [InlineData("\"type\": \"integer\", \"label\": \"restricted\"", "\"label\": \"restricted\"", "datasets.people.columns.salary.type")]
    [InlineData("{ \"type\": \"integer\", \"label\": \"restricted\" }", "\"restricted\"", "datasets.people.columns.salary")]
    [InlineData("\"type\": \"integer\", \"label\": \"restricted\"", "\"type\": \"integer\", \"label\": \"restricted\", \"knd\": \"IBAN\"", "datasets.people.columns.salary.knd")]
    [InlineData("\"salary\": {", "\"no no\": {", "datasets.people.columns.no no")]
    [InlineData("\"salary\": {", "\"proofgate\": {", "datasets.people.columns.proofgate")]
    [InlineData("\"salary\": {", "\"pay\": { \"from\": \"name\", ", "datasets.people.columns")]
    [InlineData("\"type\": \"text\", \"label\": \"internal\"", "\"type\": \"text\", \"label\": \"internal\", \"kind\": \"IBAN\"", "datasets.people.columns.notes.kind")]
    [InlineData("\"label\": \"internal\", \"connector\"", "\"label\": \"top\", \"connector\"", "datasets.people.label")]
    [InlineData("\"EMAIL_ADDRESS\"", "\"EMAIL\"", "datasets.people.columns.email.kind")]
    [InlineData("\"columns\"", "\"fields\"", "datasets.people.columns")]
    [InlineData("\"connector\": \"sqlite\"", "\"connector\": \"oracle\"", "datasets.people.connector")]
    [InlineData("\"table\": \"people\"", "\"table\": \"people\", \"statement\": \"SELECT 1\"", "datasets.people")]
    [InlineData("\"tenantColumn\": \"tenant\", ", "", "datasets.people")]
    [InlineData("\"tenantColumn\": \"tenant\"", "\"tenantColumn\": \"age\"", "datasets.people.tenantColumn")]
    [InlineData("\"key\": [\"id\"]", "\"key\": [\"age\"]", "datasets.people.key")]
    [InlineData("\"key\": [\"id\"]", "\"key\": []", "datasets.people.key")]
    [InlineData("\"key\": [\"id\"]", "\"key\": [\"ident\"]", "datasets.people.key")]
    [InlineData("\"attributes\": [\"name\"", "\"attributes\": [\"score\"", "datasets.people.attributes")]
    [InlineData("\"attributes\": [\"name\"", "\"attributes\": [\"name\", \"name\"", "datasets.people.attributes")]
    [InlineData("\"maxRows\": 7", "\"maxRows\": 0", "datasets.people.limits.maxRows")]
    [InlineData("\"maxRows\": 7", "\"maxRow\": 7", "datasets.people.limits.maxRow")]
    [InlineData("\"people\": {", "\"peo-ple\": {", "datasets.peo-ple")]
    public void Fault_NamesItsPlace(string sound, string faulty, string place)
    {
        Assert.Contains(sound, Manifest, StringComparison.Ordinal);
        var manifest = Manifest.Replace(sound, faulty, StringComparison.Ordinal);
        var problems = Assert.IsType<BundleLoad.Rejected>(Bundles.Load(Sections(), ("bundle.json", manifest), ("p.cedar", Permit))).Problems;

        Assert.Contains(problems, p => p.StartsWith($"bundle.json: {place} ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("resource has region && resource.region == \"eu\"", true)]
    [InlineData("resource.region == \"eu\"", false)]
    [InlineData("resource has age && resource.age == \"x\"", false)]
    public void Policies_AreHeldToTheRowsOfTheCatalogue(string condition, bool isSound)
    {
        var policy = $"@id(\"p\") permit (principal, action == Proofgate::Action::\"readRow\", resource is Proofgate::Row_people) when {{ {condition} }};";
        Assert.Equal(isSound, Bundles.Load(Sections(), ("bundle.json", Manifest), ("p.cedar", policy)) is BundleLoad.Loaded);
    }

    [Fact]
    public void SchemaOfItsOwn_MustDescribeTheQuestionsAboutDatasets()
    {
        var own = File.ReadAllText(Path.Combine(Bundles.SampleFolder, "proofgate.cedarschema")).Replace("    dataset?: Dataset,\n", string.Empty, StringComparison.Ordinal);
        Assert.IsType<BundleLoad.Loaded>(Bundles.Load(Sections(), ("bundle.json", """{ "name": "t" }"""), ("p.cedar", Permit), ("proofgate.cedarschema", own)));
        var problems = Assert.IsType<BundleLoad.Rejected>(Bundles.Load(Sections(), ("bundle.json", Manifest), ("p.cedar", Permit), ("proofgate.cedarschema", own))).Problems;
        Assert.Contains(problems, static p => p.Contains("does not describe what the gateway asks", StringComparison.Ordinal));
    }

    private static IEnumerable<IBundleSection> Sections() =>
        new ServiceCollection().AddProofgateCatalog().BuildServiceProvider().GetServices<IBundleSection>();
}
