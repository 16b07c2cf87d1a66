using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using Proofgate.Audit;
using Proofgate.Cli.Tests.Support;
using Proofgate.Support;

namespace Proofgate.Cli.Tests.Ledger;

/// <summary>The command against a real table service, found by the state file as in the local run.</summary>
public sealed class StoredLedgerTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Verify_FollowsWhatBecomesOfAStoredLog()
    {
        using var workplace = new Workplace();
        workplace.Write(
            ".proofgate/state.json",
            $$"""{"version":1,"gateway":"http://127.0.0.1:1","storage":{"connectionString":{{JsonSerializer.Serialize(azurite.ConnectionString)}}},"hub":"test"}""");
        var (made, _) = await RecordedLedger.MakeAsync(workplace.Folder);
        var table = new TableServiceClient(azurite.ConnectionString).GetTableClient("Audit");

        Assert.Equal(3, (await VerifyAsync(workplace)).GetProperty("exitCode").GetInt32());

        await table.CreateAsync();
        foreach (var row in made.Rows)
        {
            await table.AddEntityAsync(EntityOf(row));
        }

        var sound = await VerifyAsync(workplace);
        Assert.Equal(0, sound.GetProperty("exitCode").GetInt32());
        Assert.Equal(RecordedLedger.Calls + 1, sound.GetProperty("decisions").GetInt32());

        // A column of a type that the ledger never has: the store cannot read that row, the verification finds it and goes on.
        var changed = made.Rows.Where(static row => row.RowKey[0] == 'e').ElementAt(5);
        var entity = EntityOf(changed);
        entity["added"] = 1;
        await table.UpdateEntityAsync(entity, ETag.All, TableUpdateMode.Replace);
        var found = await VerifyAsync(workplace);
        Assert.Equal(10, found.GetProperty("exitCode").GetInt32());
        Assert.Equal(changed.RowKey, found.GetProperty("findings")[0].GetProperty("row").GetString());
        Assert.Equal(sound.GetProperty("logs")[0].GetProperty("size").GetInt64(), found.GetProperty("logs")[0].GetProperty("size").GetInt64());

        await table.DeleteEntityAsync(changed.PartitionKey, changed.RowKey);
        Assert.Equal(11, (await VerifyAsync(workplace)).GetProperty("exitCode").GetInt32());
    }

    private static async Task<JsonElement> VerifyAsync(Workplace workplace)
    {
        using var output = new StringWriter();
        var exit = await CommandLine.RunAsync(["audit", "verify", "--json"], workplace.Host(output), CancellationToken.None);
        var document = JsonElement.Parse(output.ToString());
        Assert.Equal(exit, document.GetProperty("exitCode").GetInt32());
        return document;
    }

    private static TableEntity EntityOf(LedgerRow row)
    {
        var entity = new TableEntity(row.PartitionKey, row.RowKey);
        foreach (var (name, value) in row.Columns)
        {
            entity[name] = value;
        }

        return entity;
    }
}
