using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Proofs;
using Proofgate.Support;

namespace Proofgate.AzureStores.Tests.Proofs;

[Trait("Rule", "D14")]
public sealed class ReplayTablesTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Tables_AreMadeAhead_AndDroppedTwoDaysAfterTheirEnd()
    {
        // The clock starts on 2030-01-02.
        var time = new SteppedTime();
        var service = new TableServiceClient(azurite.ConnectionString);
        foreach (var name in new[] { "ProofgateProofs20291229", "ProofgateProofs20291230", "ProofgateProofs20291231", "ProofgateProofs2029123x", "ProofgateProofsX", "ProofgateKeys", "Audit" })
        {
            await service.CreateTableAsync(name);
        }

        using var tables = new ReplayTables(
            new StorageTables(Options.Create(new StorageOptions { ConnectionString = azurite.ConnectionString })), time, NullLogger<ReplayTables>.Instance);
        await tables.StartAsync(CancellationToken.None);
        await time.WaitedForAsync(ReplayTables.Interval);
        string[] others = ["Audit", "ProofgateKeys", "ProofgateProofs2029123x", "ProofgateProofsX"];
        Assert.Equal(string.Join(" ", [.. others, "ProofgateProofs20291231", .. Days(20300101, 9)]), string.Join(" ", await NamesAsync(service)));

        // At midnight, and not before, the one that ended 48 h ago goes.
        for (var hour = 0; hour < 21; hour++)
        {
            Assert.Contains("ProofgateProofs20291231", await NamesAsync(service));
            time.Advance(ReplayTables.Interval);
            await time.WaitedForAsync(ReplayTables.Interval);
        }

        Assert.Equal(string.Join(" ", [.. others, .. Days(20300101, 10)]), string.Join(" ", await NamesAsync(service)));
        await tables.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Tables_AreTriedAgain_WhenStorageIsOutOfReach()
    {
        var time = new SteppedTime();
        var options = new TableClientOptions { Transport = new Azure.Core.Pipeline.HttpClientTransport(new HttpClient(new Faults(Fault.Forbidden))) };
        using var tables = new ReplayTables(
            new StorageTables(Options.Create(new StorageOptions { ConnectionString = azurite.ConnectionString }), options), time, NullLogger<ReplayTables>.Instance);
        await tables.StartAsync(CancellationToken.None);
        await time.WaitedForAsync(ReplayTables.RetryDelay);
        time.Advance(ReplayTables.RetryDelay);
        await time.WaitedForAsync(ReplayTables.RetryDelay);
        await tables.StopAsync(CancellationToken.None);
    }

    [Theory]
    [InlineData("ProofgateProofs20300102", true)]
    [InlineData("ProofgateProofs2030010", false)]
    [InlineData("ProofgateProofs203001022", false)]
    [InlineData("ProofgateProofs20301302", false)]
    [InlineData("ProofgateKeys", false)]
    [InlineData("ProofgateProofs", false)]
    public void Table_IsOfADay_ByItsNameAlone(string name, bool isDay)
    {
        Assert.Equal(isDay, ReplayDay.TryParse(name, out var day));
        Assert.True(!isDay || ReplayDay.NameOf(day) == name);
    }

    private static IEnumerable<string> Days(int first, int count) => Enumerable.Range(first, count).Select(static d => $"ProofgateProofs{d}");

    private static async Task<List<string>> NamesAsync(TableServiceClient service)
    {
        var names = new List<string>();
        await foreach (var table in service.QueryAsync())
        {
            names.Add(table.Name);
        }

        return [.. names.OrderBy(static n => n.StartsWith("ProofgateProofs20", StringComparison.Ordinal) && n[^1] != 'x').ThenBy(static n => n, StringComparer.Ordinal)];
    }
}
