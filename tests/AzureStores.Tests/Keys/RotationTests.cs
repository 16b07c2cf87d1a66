using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Proofgate.AzureStores.Keys;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Denials;
using Proofgate.Identity.Usage;
using Proofgate.Support;

namespace Proofgate.AzureStores.Tests.Keys;

/// <summary>Rotation over the real store, each of its writes failing in either way, for as long as the client tries.</summary>
[Collection(AzuriteGroup.Name)]
[Trait("Rule", "K5")]
public sealed class RotationTests(AzuriteFixture azurite) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    private TableClient _table = null!;
    private TableApiKeys _store = null!;

    public async Task InitializeAsync()
    {
        _table = await Tables.NewAsync(azurite);
        _store = new TableApiKeys(_table, _time);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>The requests of a rotation: 1 reads the old key, 2 inserts the successor, 3 shortens the old key.</summary>
    [Theory]
    [InlineData(1, (int)Fault.NotSent)]
    [InlineData(2, (int)Fault.NotSent)]
    [InlineData(2, (int)Fault.ReplyLost)]
    [InlineData(2, (int)Fault.Busy)]
    [InlineData(3, (int)Fault.NotSent)]
    [InlineData(3, (int)Fault.ReplyLost)]
    [InlineData(3, (int)Fault.Busy)]
    public async Task OneFailure_IsMadeGood(int request, int fault)
    {
        var old = await CreateAsync();
        Fault[] faults = [.. Enumerable.Repeat(Fault.None, request - 1), (Fault)fault, Fault.None];
        await using var services = Services(new TableApiKeys(_table.Over(azurite, new Faults(faults)), _time));
        var rotated = Assert.IsType<ApiKeyRotation.Rotated>(await RotateAsync(services, old.Id));
        await AssertRotatedAsync(old, rotated);
    }

    /// <summary>The same when the store is gone from there on: what is stored is one key or two, and the next rotation works.</summary>
    [Theory]
    [InlineData(1, (int)Fault.NotSent)]
    [InlineData(2, (int)Fault.NotSent)]
    [InlineData(2, (int)Fault.ReplyLost)]
    [InlineData(3, (int)Fault.NotSent)]
    [InlineData(3, (int)Fault.ReplyLost)]
    public async Task StoreThatIsGone_LeavesBothKeysAtWorst_AndRotationCanBeRepeated(int request, int fault)
    {
        var old = await CreateAsync();
        Fault[] faults = [.. Enumerable.Repeat(Fault.None, request - 1), (Fault)fault, Fault.NotSent];
        await using var broken = Services(new TableApiKeys(_table.Over(azurite, new Faults(faults)), _time));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => RotateAsync(broken, old.Id));
        Assert.All(await ListAsync(), r => Assert.True(r.State == ApiKeyState.Active && r.Expires > _time.GetUtcNow()));

        await using var services = Services(_store);
        if ((request, (Fault)fault) == (3, Fault.ReplyLost))
        {
            // The first one was done, only nobody heard of it: its successor's key is lost, so that one has to be revoked.
            var lost = Assert.IsType<ApiKeyRotation.HasSuccessor>(await RotateAsync(services, old.Id)).Successor;
            await services.GetRequiredService<ApiKeyService>().RevokeAsync(lost, Never);
        }

        await AssertRotatedAsync(old, Assert.IsType<ApiKeyRotation.Rotated>(await RotateAsync(services, old.Id)));
    }

    [Fact]
    [Trait("Rule", "K6")]
    public async Task RotationAndRevocationAtOnce_NeverLeaveTheOldKeyAlive()
    {
        await using var services = Services(_store);
        var keys = services.GetRequiredService<ApiKeyService>();
        for (var round = 0; round < 10; round++)
        {
            var old = await CreateAsync();
            var rotation = RotateAsync(services, old.Id);
            await Task.WhenAll(rotation, keys.RevokeAsync(old.Id, Never));
            Assert.Equal(ApiKeyState.Revoked, (await _store.FindAsync(old.Id, Never))!.State);
            if (await rotation is not ApiKeyRotation.Rotated)
            {
                Assert.DoesNotContain(await ListAsync(), r => r.Predecessor == old.Id && r.State == ApiKeyState.Active);
            }
        }
    }

    [Fact]
    public async Task ManyRotationsAtOnce_HaveOneSuccessorAlive()
    {
        await using var services = Services(_store);
        var old = await CreateAsync();
        var rotations = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => RotateAsync(services, old.Id))));
        var winner = Assert.Single(rotations.OfType<ApiKeyRotation.Rotated>());
        Assert.Equal(winner.Key.Id, Assert.Single(await ListAsync(), r => r.Predecessor == old.Id && r.State == ApiKeyState.Active).Id);
        await AssertRotatedAsync(old, winner);
    }

    private async Task AssertRotatedAsync(ApiKeyRecord old, ApiKeyRotation.Rotated rotated)
    {
        var (retired, next) = ((await _store.FindAsync(old.Id, Never))!, (await _store.FindAsync(rotated.Key.Id, Never))!);
        Assert.Equal((next.Id, old.Id, ApiKeyState.Active), (retired.Successor!.Value, next.Predecessor!.Value, next.State));
        Assert.Equal((_time.GetUtcNow().AddHours(24), _time.GetUtcNow().AddDays(90)), (retired.Expires, next.Expires));
        Assert.Contains(old.Id, (await _store.ReadChangesAsync(_time.GetUtcNow(), Never)).Keys);
    }

    private static Task<ApiKeyRotation> RotateAsync(ServiceProvider services, KeyId id) =>
        services.GetRequiredService<ApiKeyService>().RotateAsync(id, ApiKeyService.DefaultOverlap, "test", new Nobody(), Never);

    private async Task<ApiKeyRecord> CreateAsync()
    {
        await using var services = Services(_store);
        var spec = new ApiKeySpec { Name = "n", Owner = "o", Tenant = "t" };
        return ((ApiKeyCreation.Created)await services.GetRequiredService<ApiKeyService>().CreateAsync(spec, "test", Never)).Record;
    }

    private async Task<List<ApiKeyRecord>> ListAsync()
    {
        var records = new List<ApiKeyRecord>();
        await foreach (var record in _store.ListAsync(null, Never))
            records.Add(record);
        return records;
    }

    private ServiceProvider Services(IApiKeyStore store) => new ServiceCollection()
        .AddLogging()
        .AddSingleton<TimeProvider>(_time)
        .AddSingleton(store)
        .AddSingleton<IDenyStore>(new TableDenyList(_table, _time))
        .AddSingleton<IKeyUseStore>(new TableKeyUse(_table))
        .AddProofgateIdentity(new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("Proofgate:Secrets:ApiKeyPepper:1", (string?)Convert.ToBase64String(new byte[32]))]).Build())
        .BuildServiceProvider();

    private sealed class Nobody : IRotationWitness
    {
        public Task BeginsAsync(ApiKeyRecord old, ApiKeyRecord successor) => Task.CompletedTask;

        public Task AbandonedAsync(ApiKeyRecord successor) => Task.CompletedTask;
    }
}
