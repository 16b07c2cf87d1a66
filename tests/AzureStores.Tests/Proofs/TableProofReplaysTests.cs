using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Microsoft.Extensions.Options;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Proofs;
using Proofgate.Identity;
using Proofgate.Support;

namespace Proofgate.AzureStores.Tests.Proofs;

[Collection(AzuriteGroup.Name)]
[Trait("Rule", "D14")]
public sealed class TableProofReplaysTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly DateTimeOffset Issued = new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero);

    public async Task InitializeAsync() => await Tables().Proofs(ReplayDay.Of(Issued)).CreateIfNotExistsAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Use_IsNotedOnce()
    {
        var replays = new TableProofReplays(Tables());
        var use = New();
        Assert.True(await replays.TryInsertAsync(use, Never));
        Assert.False(await replays.TryInsertAsync(use, Never));
        Assert.False(await new TableProofReplays(Tables()).TryInsertAsync(use, Never));
        Assert.True(await replays.TryInsertAsync(New(), Never));
    }

    [Fact]
    public async Task Use_IsFiled_ByThePrefixOfItsKeyAndItsMinute_InTheTableOfItsDay()
    {
        var use = New();
        await new TableProofReplays(Tables()).TryInsertAsync(use, Never);
        var row = await new TableClient(azurite.ConnectionString, "ProofgateProofs20310506").GetEntityAsync<TableEntity>("0Z203105060708", use.Digest);
        Assert.Equal(22, row.Value.GetString("Attempt").Length);
    }

    [Fact]
    public async Task Use_IsStillTheFirst_WhenOnlyItsReplyWasLost()
    {
        var use = New();
        var faults = new Faults(Fault.ReplyLost, Fault.None);
        Assert.True(await new TableProofReplays(Tables(faults)).TryInsertAsync(use, Never));
        Assert.Equal(["POST", "POST", "GET"], faults.Sent.Select(static s => s.Method.Method));
        Assert.False(await new TableProofReplays(Tables(new Faults(Fault.ReplyLost, Fault.None))).TryInsertAsync(use, Never));
    }

    [Fact]
    public async Task Use_OfAnotherDay_IsAnOutage_WhenItsTableIsMissing()
    {
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => new TableProofReplays(Tables()).TryInsertAsync(New() with { Issued = Issued.AddDays(100) }, Never));
        Assert.Contains("ProofgateProofs20310814", error.Message, StringComparison.Ordinal);
        Assert.Contains("404 TableNotFound", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Rule", "D15")]
    [InlineData((int)Fault.NotSent)]
    [InlineData((int)Fault.Busy)]
    [InlineData((int)Fault.Throttled)]
    [InlineData((int)Fault.Forbidden)]
    [InlineData((int)Fault.Hangs)]
    public async Task Use_IsUnavailable_WhenTheServiceIs(int fault) => await Assert.ThrowsAsync<StoreUnavailableException>(
        () => new TableProofReplays(Tables(new Faults((Fault)fault) { Patience = TimeSpan.FromMilliseconds(50) })).TryInsertAsync(New(), Never));

    [Fact]
    public async Task Use_IsUnavailable_WhenTheRowCannotBeReadBack()
    {
        var use = New();
        await new TableProofReplays(Tables()).TryInsertAsync(use, Never);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => new TableProofReplays(Tables(new Faults(Fault.None, Fault.NotSent))).TryInsertAsync(use, Never));
    }

    private StorageTables Tables(Faults? faults = null)
    {
        var options = ClientSettings.Apply(new TableClientOptions());
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(2);
        if (faults is not null)
        {
            options.Transport = new HttpClientTransport(new HttpClient(faults));
            options.Retry.NetworkTimeout = faults.Patience;
        }

        return new StorageTables(Options.Create(new StorageOptions { ConnectionString = azurite.ConnectionString }), options);
    }

    private static ProofUse New() => new(Guid.NewGuid().ToString("N"), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", Issued);
}
