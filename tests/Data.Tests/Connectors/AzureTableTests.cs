using Azure.Data.Tables;
using Proofgate.Data.Tests.Support;
using Proofgate.Support;

namespace Proofgate.Data.Tests.Connectors;

/// <summary>A table of Azure Storage, on Azurite.</summary>
public sealed class AzureTableTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private const string Manifest =
        """
        { "name": "t", "datasets": { "people": {
          "label": "internal", "connector": "azure-table", "connection": "main", "table": "people", "tenantColumn": "tenant", "key": ["tenant", "id"],
          "attributes": ["region", "age"], "limits": { "maxEvaluated": 50 },
          "columns": {
            "tenant": { "from": "PartitionKey", "type": "string", "label": "public", "required": true },
            "id": { "from": "RowKey", "type": "string", "label": "public", "required": true },
            "region": { "type": "string", "label": "internal" }, "age": { "type": "integer", "label": "internal" },
            "email": { "type": "string", "label": "internal", "kind": "EMAIL_ADDRESS" }, "salary": { "type": "integer", "label": "restricted" } } } } }
        """;

    private (string, string?)[] Settings => [("Proofgate:DataSources:main:Secret", azurite.ConnectionString)];

    [Fact]
    public async Task Rows_AreThoseOfTheTenantThatPolicyAllows_PageByPage()
    {
        var table = new TableServiceClient(azurite.ConnectionString).GetTableClient("people");
        await table.CreateIfNotExistsAsync();
        await table.UpsertEntityAsync(new TableEntity("contoso", "1") { ["region"] = "eu", ["age"] = 30L, ["email"] = "ann@example.com", ["salary"] = 1L });
        await table.UpsertEntityAsync(new TableEntity("contoso", "2") { ["region"] = "EU", ["age"] = 31L });
        await table.UpsertEntityAsync(new TableEntity("contoso", "3") { ["age"] = 32L });
        await table.UpsertEntityAsync(new TableEntity("contoso", "4") { ["region"] = "eu", ["age"] = "no number" });
        await table.UpsertEntityAsync(new TableEntity("contoso", "5") { ["region"] = "eu", ["age"] = 33L });
        await table.UpsertEntityAsync(new TableEntity("fabrikam", "6") { ["region"] = "eu", ["age"] = 34L });

        using var all = new DataRig(Manifest, People.Permits + People.AllRows, Settings);
        Assert.IsType<SourceState.Ready>(await all.Checks.StateOfAsync(all.Dataset(), CancellationToken.None));
        Assert.Equal("{\"id\":\"1\"}\n{\"id\":\"2\"}\n{\"id\":\"3\"}\n{\"id\":\"4\"}\n{\"id\":\"5\"}\n5 rows", await all.AskAsync("""{"select":["id"]}"""));
        Assert.Equal("{\"id\":\"1\",\"age\":30,\"email\":\"[EMAIL_ADDRESS]\"}\n1 rows, cut, next EMAIL_ADDRESS:1", await all.AskAsync("""{"select":["id","age","email"],"limit":1}"""));
        Assert.Equal("{\"id\":\"2\"}\n{\"id\":\"3\"}\n2 rows", await all.AskAsync("""{"select":["id"],"where":{"op":"and","of":[{"op":"not","of":{"op":"eq","column":"region","value":"eu"}},{"op":"gt","column":"age","value":0}]}}"""));
        Assert.Equal("{\"id\":\"3\"}\n1 rows", await all.AskAsync("""{"select":["id"],"where":{"op":"in","column":"id","values":["3","9'"]}}"""));
        Assert.StartsWith("400 not_supported", await all.AskAsync("""{"select":["id"],"orderBy":[{"column":"age"}]}"""), StringComparison.Ordinal);
        Assert.StartsWith("400 not_supported", await all.AskAsync("""{"aggregates":[{"function":"count"}]}"""), StringComparison.Ordinal);

        using var some = new DataRig(
            Manifest, People.Permits + """@id("rows") permit (principal, action == Proofgate::Action::"readRow", resource is Proofgate::Row_people) when { resource has region && resource.region == "eu" };""", Settings);
        var (first, next) = await some.AnswerAsync("""{"select":["id","age"],"limit":1}""");
        var (second, last) = await some.AnswerAsync($$"""{"select":["id","age"],"limit":2,"cursor":"{{next}}"}""");
        Assert.Equal(("{\"id\":\"1\",\"age\":30}\n1 rows, cut, next", "{\"id\":\"5\",\"age\":33}\n1 rows", null), (first, second, last));
        Assert.StartsWith("400 filter_not_pushed", await some.AskAsync("""{"aggregates":[{"function":"count"}]}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Table_ThatIsNotThere_IsUnlikeTheCatalogue()
    {
        using var rig = new DataRig(Manifest.Replace("\"table\": \"people\"", "\"table\": \"nobody\"", StringComparison.Ordinal), People.Permits, Settings);
        Assert.IsType<SourceState.Unlike>(await rig.Checks.StateOfAsync(rig.Dataset(), CancellationToken.None));
    }
}
