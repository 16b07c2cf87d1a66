using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Proofgate.Audit;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Evidence;
using Proofgate.Support;

namespace Proofgate.AzureStores.Tests.Evidence;

[Collection(AzuriteGroup.Name)]
public sealed class BlobEvidenceStoreTests(AzuriteFixture azurite)
{
    private readonly string _name = $"e{Guid.NewGuid():N}";

    [Fact]
    public async Task Insert_CreatesOnce_AndNeverOverwrites()
    {
        var store = await NewAsync();
        Assert.True(await store.InsertAsync("log/tile/0/000", "one"u8.ToArray(), default));
        Assert.False(await store.InsertAsync("log/tile/0/000", "two"u8.ToArray(), default));
        Assert.Equal("one"u8.ToArray(), await store.ReadAsync("log/tile/0/000", 100, default));
        Assert.Null(await store.ReadAsync("log/tile/0/001", 100, default));
        await Assert.ThrowsAsync<EvidenceDamagedException>(() => store.ReadAsync("log/tile/0/000", 2, default));
    }

    [Fact]
    public async Task Highest_IsTheFirstOfTheListing_AndPathsAreTheContracts()
    {
        var store = await NewAsync();
        Assert.Null(await store.HighestAsync("log/checkpoints", default));
        foreach (var number in (long[])[0, 9, 100, 20, long.MaxValue - 1])
            Assert.True(await store.InsertAsync($"log/checkpoints/{number}", new byte[] { (byte)number }, default));
        await store.InsertAsync("log/tile/0/000.p/3", new byte[] { 1 }, default);
        Assert.Equal(long.MaxValue - 1, await store.HighestAsync("log/checkpoints", default));
        Assert.Equal(new byte[] { 9 }, await store.ReadAsync("log/checkpoints/9", 10, default));
        var numbers = new List<long>();
        await foreach (var number in store.NumbersAsync("log/checkpoints", default))
            numbers.Add(number);
        Assert.Equal([long.MaxValue - 1, 100, 20, 9, 0], numbers);
        var paths = new List<string>();
        await foreach (var path in store.PathsAsync("", default))
            paths.Add(path);
        Assert.Equal(["log/checkpoints/0", "log/checkpoints/100", "log/checkpoints/20", "log/checkpoints/9", $"log/checkpoints/{long.MaxValue - 1}", "log/tile/0/000.p/3"], paths.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task LostReply_IsSafe_AndEveryOperationIsAnInsertOrARead()
    {
        await NewAsync();
        var lost = new Faults(Fault.ReplyLost, Fault.None);
        Assert.False(await Over(lost).InsertAsync("log/a", new byte[] { 1 }, default));
        Assert.Equal(new byte[] { 1 }, await Over(lost).ReadAsync("log/a", 10, default));
        await Over(lost).HighestAsync("log/checkpoints", default);
        Assert.All(lost.Sent, static s => Assert.True(s.Method == HttpMethod.Get || s.Method == HttpMethod.Put, s.Method.Method));
    }

    [Theory]
    [InlineData(503, "ServerBusy")]
    [InlineData(429, "TooManyRequests")]
    [InlineData(403, "AuthorizationFailure")]
    [InlineData(404, "ContainerNotFound")]
    public async Task EveryCall_IsUnavailable_WhenTheServiceIs(int status, string code) => await UnavailableAsync(new BlobsThatRefuse(status, code));

    [Fact]
    public async Task EveryCall_IsUnavailable_WhenNothingIsSent() => await UnavailableAsync(new Faults(Fault.NotSent));

    private async Task UnavailableAsync(HttpMessageHandler network)
    {
        var store = Over(network);
        await Assert.ThrowsAsync<EvidenceUnavailableException>(() => store.InsertAsync("log/a", new byte[] { 1 }, default));
        await Assert.ThrowsAsync<EvidenceUnavailableException>(() => store.ReadAsync("log/a", 10, default));
        await Assert.ThrowsAsync<EvidenceUnavailableException>(() => store.HighestAsync("log/checkpoints", default));
    }

    [Fact]
    public void Endpoint_IsTheAccountsOwn() => Assert.Equal(
        new Uri("https://ledger.blob.core.windows.net/"), StorageBlobs.BlobsBeside(new Uri("https://ledger.table.core.windows.net")));

    private async Task<BlobEvidenceStore> NewAsync()
    {
        var container = At(null);
        await container.CreateIfNotExistsAsync();
        return new BlobEvidenceStore(container);
    }

    private BlobEvidenceStore Over(HttpMessageHandler faults) => new(At(faults));

    private BlobContainerClient At(HttpMessageHandler? faults)
    {
        var options = ClientSettings.Apply(new BlobClientOptions());
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(2);
        if (faults is not null)
            options.Transport = new HttpClientTransport(new HttpClient(faults));
        return new BlobContainerClient(azurite.ConnectionString, _name, options);
    }
}
