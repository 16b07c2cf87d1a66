using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Proofgate.Identity.Tests.Support;
using Proofgate.Identity.Usage;
using Proofgate.Support;

namespace Proofgate.Identity.Tests.Usage;

[Trait("Rule", "K8")]
public sealed class KeyUseTests : IAsyncDisposable
{
    private readonly SteppedTime _time = new();
    private readonly InMemoryKeyUse _store = new();
    private readonly KeyUse _use;

    public KeyUseTests() => _use = new KeyUse(_store, Options.Create(new IdentityOptions()), _time, NullLogger<KeyUse>.Instance);

    [Fact]
    public async Task Use_IsNotedOnceADay_ForEachKey()
    {
        await _use.StartAsync(CancellationToken.None);
        var (one, two) = (KeyId.New(), KeyId.New());
        for (var i = 0; i < 100; i++)
        {
            _use.Note(Caller(one));
        }

        _use.Note(Caller(two));
        var today = DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);
        Assert.Equal((one, today), await _store.NextAsync());
        Assert.Equal((two, today), await _store.NextAsync());
        _time.Advance(TimeSpan.FromDays(1));
        _use.Note(Caller(one));
        Assert.Equal((one, today.AddDays(1)), await _store.NextAsync());
        Assert.True(_store.IsEmpty);
    }

    [Fact]
    public async Task NotedDay_CostsNothingMore()
    {
        var caller = Caller(KeyId.New());
        _use.Note(caller);
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                _use.Note(caller);
            }
        }));
        await _use.StartAsync(CancellationToken.None);
        await _store.NextAsync();
        Assert.True(_store.IsEmpty);
    }

    [Fact]
    public async Task Failure_IsTriedAgainAtTheNextUse_AfterAPause()
    {
        _store.Down = true;
        await _use.StartAsync(CancellationToken.None);
        var (one, two) = (KeyId.New(), KeyId.New());
        _use.Note(Caller(one));
        await _time.WaitedForAsync(KeyUse.Pause);
        _store.Down = false;
        _use.Note(Caller(two));
        _use.Note(Caller(one));
        _time.Advance(KeyUse.Pause);
        Assert.Equal([two, one], [(await _store.NextAsync()).Id, (await _store.NextAsync()).Id]);
    }

    [Fact]
    public async Task StoreThatHangs_IsGivenUp_AndCallsGoOn()
    {
        var hang = new TaskCompletionSource();
        _store.Before = () => hang.Task;
        await _use.StartAsync(CancellationToken.None);
        _use.Note(Caller(KeyId.New()));
        await _time.WaitedForAsync(KeyUse.Timeout);
        for (var i = 0; i < 2 * KeyUse.QueueLength; i++)
        {
            _use.Note(Caller(KeyId.New()));
        }

        _time.Advance(KeyUse.Timeout);
        await _time.WaitedForAsync(KeyUse.Pause);
        hang.SetResult();
        _time.Advance(KeyUse.Pause);
        await _store.NextAsync();
    }

    [Fact]
    public async Task QueueThatIsFull_ForgetsNothing_ThatIsUsedAgain()
    {
        foreach (var id in Enumerable.Range(0, KeyUse.QueueLength).Select(static _ => KeyId.New()))
        {
            _use.Note(Caller(id));
        }

        var late = KeyId.New();
        _use.Note(Caller(late));
        await _use.StartAsync(CancellationToken.None);
        for (var i = 0; i < KeyUse.QueueLength; i++)
        {
            Assert.NotEqual(late, (await _store.NextAsync()).Id);
        }

        _use.Note(Caller(late));
        Assert.Equal(late, (await _store.NextAsync()).Id);
    }

    [Fact]
    public async Task Tokens_AreNotKeys()
    {
        await _use.StartAsync(CancellationToken.None);
        _use.Note(Caller(KeyId.New()) with { Method = AuthenticationMethod.Jwt });
        var key = KeyId.New();
        _use.Note(Caller(key));
        Assert.Equal(key, (await _store.NextAsync()).Id);
    }

    [Fact]
    public async Task RefusedKey_WasNotUsed()
    {
        await using var room = await Room.ReadyAsync();
        await room.Get<KeyUse>().StartAsync(CancellationToken.None);
        var (bound, good) = ((await room.CreateAsync(Room.Spec with { Thumbprint = "t" })).Key, (await room.CreateAsync()).Key);
        await room.BearerAsync(bound.Reveal());
        await room.BearerAsync(Keys.WithOtherSecret(good));
        await room.CallerAsync(good);
        Assert.Equal(good.Id, (await room.Uses.NextAsync()).Id);
        Assert.True(room.Uses.IsEmpty);
        await room.Get<KeyUse>().StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _use.StopAsync(CancellationToken.None);
        _use.Dispose();
    }

    private static Caller Caller(KeyId id) => new()
    {
        Subject = "s",
        Kind = SubjectKind.Client,
        Client = id.ToString(),
        Tenant = "t",
        Method = AuthenticationMethod.ApiKey,
        Expires = DateTimeOffset.MaxValue,
    };
}
