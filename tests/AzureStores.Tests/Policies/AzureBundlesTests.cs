using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Policies;
using Proofgate.Policy;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.AzureStores.Tests.Policies;

[Collection(AzuriteGroup.Name)]
public sealed class AzureBundlesTests(AzuriteFixture azurite, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly string Digest = new('a', 64);

    private TableClient _table = null!;
    private BlobContainerClient _container = null!;
    private AzureBundles _store = null!;

    public async Task InitializeAsync()
    {
        _table = await Tables.NewAsync(azurite);
        _container = new BlobContainerClient(azurite.ConnectionString, $"c{Guid.NewGuid():N}");
        await _container.CreateAsync();
        _store = new AzureBundles(_table, _container);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Records_ComeBackNewestFirst_AsTheyWereWritten()
    {
        Assert.Empty(await _store.ReadNewestAsync(10, Never));
        foreach (var sequence in new[] { 1, 2, 9, 10, 11, 100, long.MaxValue - 1 })
            Assert.True(await _store.TryInsertAsync(Record(sequence), Never));

        var read = await _store.ReadNewestAsync(5, Never);
        Assert.Equal([long.MaxValue - 1, 100, 11, 10, 9], read.Select(static r => r.Sequence));
        Assert.True(read[1].IsSame(Record(100)));
    }

    [Fact]
    public async Task Number_IsTakenOnce()
    {
        Assert.True(await _store.TryInsertAsync(Record(7), Never));
        Assert.False(await _store.TryInsertAsync(Record(7) with { Activation = "other"u8.ToArray() }, Never));
        Assert.True((await _store.ReadNewestAsync(1, Never))[0].IsSame(Record(7)));
    }

    /// <summary>Of many who activate at once, exactly one is the first of each number.</summary>
    [Fact]
    [Trait("Category", "Heavy")]
    public async Task RacingActivations_HaveOneWinner()
    {
        var rounds = Counts.Of(1000, output);
        for (var round = 1; round <= rounds; round++)
        {
            var sequence = round;
            var won = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
                () => new AzureBundles(_table, _container).TryInsertAsync(Record(sequence) with { Activation = new[] { (byte)i } }, Never))));
            var winner = Array.IndexOf(won, true);
            Assert.Single(won, true);
            Assert.Equal(winner, (await _store.ReadNewestAsync(1, Never))[0].Activation.Span[0]);
        }
    }

    [Fact]
    public async Task LostReply_IsNoDifference()
    {
        var store = new AzureBundles(_table.Over(azurite, new Faults(Fault.ReplyLost, Fault.None)), _container);
        Assert.True(await store.TryInsertAsync(Record(1), Never));
        Assert.Single(await _store.ReadNewestAsync(10, Never));
    }

    [Fact]
    public async Task RowThatIsNoneOfOurs_HidesNothing()
    {
        await _store.TryInsertAsync(Record(3), Never);
        await _table.AddEntityAsync(new TableEntity(ActivationRow.Partition, "a-first"));
        await _table.AddEntityAsync(new TableEntity(ActivationRow.Partition, ActivationRow.KeyOf(4)) { ["Bundle"] = "text", ["More"] = 1 });
        var read = await _store.ReadNewestAsync(2, Never);
        Assert.Equal([4, 3], read.Select(static r => r.Sequence));
        Assert.Equal((0, 0), (read[0].Bundle.Length, read[0].Activation.Length));
    }

    [Fact]
    public async Task Pack_IsCreatedOnce_AndNeverReplaced()
    {
        Assert.Null(await _store.FindPackAsync(Digest, Never));
        await _store.KeepPackAsync(Digest, "one"u8.ToArray(), Never);
        await _store.KeepPackAsync(Digest, "two"u8.ToArray(), Never);
        Assert.Equal("one"u8.ToArray(), (await _store.FindPackAsync(Digest, Never))!.Value.ToArray());
        var large = new byte[9 * 1024 * 1024];
        new Random(1).NextBytes(large);
        await _store.KeepPackAsync(new string('b', 64), large, Never);
        Assert.True((await _store.FindPackAsync(new string('b', 64), Never))!.Value.Span[..(8 * 1024 * 1024)].SequenceEqual(large.AsSpan(0, 8 * 1024 * 1024)));
        await _container.GetBlobClient(new string('c', 64)).UploadAsync(BinaryData.Empty);
        Assert.True((await _store.FindPackAsync(new string('c', 64), Never))!.Value.IsEmpty);
    }

    /// <summary>Who may create and not write is refused with 403 where a pack is, and a pack that is there is kept.</summary>
    [Fact]
    public async Task Pack_IsKept_WhereOnlyCreationIsAllowed()
    {
        using var refusing = new RefusedWrites();
        var options = ClientSettings.Apply(new BlobClientOptions());
        options.Transport = new HttpClientTransport(new HttpClient(refusing));
        var store = new AzureBundles(_table, new BlobContainerClient(azurite.ConnectionString, _container.Name, options));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.KeepPackAsync(Digest, "one"u8.ToArray(), Never));
        await _store.KeepPackAsync(Digest, "one"u8.ToArray(), Never);
        await store.KeepPackAsync(Digest, "one"u8.ToArray(), Never);
    }

    /// <summary>What is sent is reads and conditional creations, and nothing else: the app has the right to no more.</summary>
    [Fact]
    public async Task Requests_AreInsertsAndReads()
    {
        var (tables, blobs) = (new Faults(), new Faults());
        var store = new AzureBundles(_table.Over(azurite, tables), Over(blobs));
        await store.KeepPackAsync(Digest, new byte[5 * 1024 * 1024], Never);
        await store.TryInsertAsync(Record(1), Never);
        await store.ReadNewestAsync(10, Never);
        await store.FindPackAsync(Digest, Never);
        Assert.Equal([HttpMethod.Post, HttpMethod.Get], tables.Sent.Select(static s => s.Method));
        Assert.Equal([HttpMethod.Put, HttpMethod.Get], blobs.Sent.Select(static s => s.Method));
    }

    [Theory]
    [InlineData((int)Fault.NotSent)]
    [InlineData((int)Fault.Busy)]
    [InlineData((int)Fault.Forbidden)]
    [InlineData((int)Fault.Hangs)]
    public async Task EveryCall_IsUnavailable_WhenTheServiceIs(int fault)
    {
        var faults = new Faults((Fault)fault) { Patience = TimeSpan.FromMilliseconds(50) };
        var store = new AzureBundles(_table.Over(azurite, faults), Over(faults));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReadNewestAsync(1, Never));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.TryInsertAsync(Record(1), Never));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.FindPackAsync(Digest, Never));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.KeepPackAsync(Digest, "x"u8.ToArray(), Never));
    }

    [Fact]
    public async Task MissingTableOrContainer_IsAnOutage_NotAnEmptyStore()
    {
        var store = new AzureBundles(new TableClient(azurite.ConnectionString, "Missing"), new BlobContainerClient(azurite.ConnectionString, "missing"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ReadNewestAsync(1, Never));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.FindPackAsync(Digest, Never));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.KeepPackAsync(Digest, "x"u8.ToArray(), Never));
    }

    [Theory]
    [InlineData("https://a.table.core.windows.net/", null, "https://a.blob.core.windows.net/")]
    [InlineData("https://a.table.core.windows.net/", "https://b.blob.example/", "https://b.blob.example/")]
    public void BlobEndpoint_IsThatOfTheTables_UnlessItIsNamed(string tables, string? blobs, string expected) => Assert.Equal(
        new Uri(expected), StorageContainers.EndpointOf(new AccountOptions { TableEndpoint = new Uri(tables), BlobEndpoint = blobs is null ? null : new Uri(blobs) }));

    private BlobContainerClient Over(Faults faults)
    {
        var options = ClientSettings.Apply(new BlobClientOptions());
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(2);
        options.Retry.NetworkTimeout = faults.Patience;
        options.Transport = new HttpClientTransport(new HttpClient(faults));
        return new BlobContainerClient(azurite.ConnectionString, _container.Name, options);
    }

    private static StoredActivation Record(long sequence) => new(sequence, new byte[3000], new byte[] { 1, 2, (byte)sequence });
}
