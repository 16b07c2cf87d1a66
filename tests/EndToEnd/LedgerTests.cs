using Azure.Data.Tables;
using Proofgate.Support;

namespace Proofgate.EndToEnd;

/// <summary>What the ledger shows to somebody outside the gateway.</summary>
public sealed class LedgerTests
{
    [Fact]
    public async Task Verify_IsSound_AndFindsOneChangedByteInAnyRow()
    {
        await using var gateway = await Gateway.StartAsync(settings: ("Proofgate__SelfHost__SampleModelDelay", "00:00:00"));
        using (var answer = await Http.Client.SendAsync(Http.Chat(gateway, Http.Ask("hello", stream: true))))
        {
            Assert.True(answer.IsSuccessStatusCode);
            await answer.Content.ReadAsStringAsync();
        }

        await Ledger.HoldsOutcomeAsync(gateway, "completed");
        var sound = await gateway.ProofgateAsync("audit", "verify");
        Assert.True(sound.ExitCode == 0, sound.Output + sound.Error);

        var table = Ledger.Table(gateway);
        var rows = new List<TableEntity>();
        await foreach (var row in table.QueryAsync<TableEntity>())
        {
            rows.Add(row);
        }

        // One event row and one commit row; the unit tests go through every byte.
        foreach (var row in new[] { rows.Last(static r => r.RowKey.StartsWith('e')), rows.Last(static r => r.RowKey.StartsWith('z')) })
        {
            var column = row.Keys.First(k => row[k] is byte[] { Length: > 0 });
            var original = (byte[])row[column];
            var changed = (byte[])original.Clone();
            changed[changed.Length / 2] ^= 1;
            await WriteAsync(table, row, column, changed);
            var found = await gateway.ProofgateAsync("audit", "verify", "--json");
            Assert.True(found.ExitCode == 10, found.Output + found.Error);
            await WriteAsync(table, row, column, original);
        }

        Assert.Equal(0, (await gateway.ProofgateAsync("audit", "verify")).ExitCode);
    }

    /// <summary>What an operator with the storage key can do and the writer cannot.</summary>
    private static async Task WriteAsync(TableClient table, TableEntity row, string column, byte[] value)
    {
        var change = new TableEntity(row.PartitionKey, row.RowKey) { [column] = value };
        await table.UpdateEntityAsync(change, Azure.ETag.All, TableUpdateMode.Merge);
    }

    [Fact]
    public async Task KilledGateway_LeavesASoundLedger_WithTheOpenDecisionListed()
    {
        using var folder = new TemporaryFolder();
        await using var spy = await SpyUpstream.StartAsync();
        await spy.ScriptAsync(SpyUpstream.Chunk("one "), SpyUpstream.Hold("never"));
        string auditId;
        await using (var gateway = await Gateway.StartAsync(spy.Address, folder.Path))
        {
            using var response = await Http.Client.SendAsync(
                Http.Chat(gateway, Http.Ask("x", stream: true)), HttpCompletionOption.ResponseHeadersRead);
            auditId = response.Headers.GetValues("Proofgate-Audit-Id").Single();
            await gateway.KillAsync();
        }

        await using var again = await Gateway.StartAsync(spy.Address, folder.Path);
        await Ledger.CaughtUpAsync(again);
        var verified = await again.ProofgateAsync("audit", "verify", "--json");
        Assert.True(verified.ExitCode == 0, verified.Output + verified.Error);
        Assert.Contains(auditId, verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ErasedPerson_IsShutOutOfTheLog_WhichStaysSound()
    {
        await using var gateway = await Gateway.StartAsync(settings: ("Proofgate__SelfHost__SampleModelDelay", "00:00:00"));
        string promise;
        using (var answer = await Http.Client.SendAsync(Http.Chat(gateway, Http.Ask("hello"))))
        {
            Assert.True(answer.IsSuccessStatusCode);
            promise = answer.Headers.GetValues("Proofgate-Audit-Promise").Single();
        }

        await Ledger.HoldsOutcomeAsync(gateway, "completed");
        var sealedBy = (await Ledger.EventsAsync(gateway)).Single(static e => e.GetProperty("kind").GetString() == "decision").GetProperty("sealed").GetProperty("key").GetString()!.Split('.')[0];
        Assert.True(await HasDataKeyAsync(gateway, sealedBy));
        Assert.Equal(2, (await gateway.ProofgateAsync("audit", "erase", "sample-app")).ExitCode);
        Assert.True(await HasDataKeyAsync(gateway, sealedBy));

        var erased = await gateway.ProofgateAsync("audit", "erase", "sample-app", "--yes");
        Assert.True(erased.ExitCode == 0, erased.Output + erased.Error);
        Assert.False(await HasDataKeyAsync(gateway, sealedBy));
        Assert.Equal(5, (await gateway.ProofgateAsync("audit", "erase", "sample-app", "--yes")).ExitCode);
        Assert.Equal(0, (await gateway.ProofgateAsync("audit", "verify")).ExitCode);
        Assert.Equal(0, (await gateway.ProofgateAsync("audit", "promise", promise)).ExitCode);
    }

    private static async Task<bool> HasDataKeyAsync(Gateway gateway, string lookup)
    {
        await foreach (var row in new TableClient(gateway.StorageConnection, "ProofgateSubjects").QueryAsync<TableEntity>())
        {
            if (row.RowKey == lookup)
            {
                return true;
            }
        }

        return false;
    }
}
