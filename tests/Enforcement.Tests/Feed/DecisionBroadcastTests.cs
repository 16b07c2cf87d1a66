using Proofgate.Audit.Events;
using Proofgate.Enforcement.Feed;
using Proofgate.Tests.Support;

namespace Proofgate.Enforcement.Tests.Feed;

public sealed class DecisionBroadcastTests : IDisposable
{
    private const string PermitAll = """@id("all") permit (principal, action, resource);""";
    private const string ForbidAll = """@id("none") forbid (principal, action, resource);""";

    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly House _house = new();

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task Decision_IsSeen_WhenItIsAcknowledged_AndNotBefore()
    {
        using var watch = await WatchAsync();
        _house.Stream.Hold();
        var admitting = _house.Pipeline.AdmitAsync(Call(PermitAll), Never).AsTask();
        Assert.False(watch.TryRead(out _));
        _house.Stream.Release();
        await using var admitted = Assert.IsType<Ruling<TextCall>.Admitted>(await admitting).Call;

        Assert.True(watch.TryRead(out var seen));
        Assert.Equal((admitted.Id, true, (int?)null), (seen.Id, seen.Allowed, seen.Status));
        Assert.Equal(["all"], seen.Decision!.Policies);
        Assert.False(watch.TryRead(out _));
    }

    [Fact]
    public async Task Refusal_IsSeen_WithItsReason()
    {
        using var watch = await WatchAsync();
        var refusal = await _house.RefuseAsync(Call(ForbidAll));
        Assert.True(watch.TryRead(out var seen));
        Assert.Equal((refusal.Id, false, (int?)403, "policy_denied"), (seen.Id, seen.Allowed, seen.Status, seen.Reason));
    }

    [Fact]
    public async Task Event_ThatWasNotAcknowledged_IsNotSeen()
    {
        using var watch = await WatchAsync();
        _house.Stream.Fault = static _ => new Audit.AuditUnavailableException("down");
        await _house.RefuseAsync(Call(PermitAll));
        Assert.False(watch.TryRead(out _));
    }

    [Fact]
    public async Task Subject_IsAPseudonym_TheSameEachTime_AndNothingOfItsName()
    {
        using var watch = await WatchAsync();
        await _house.RefuseAsync(Call(ForbidAll));
        await _house.RefuseAsync(Call(ForbidAll));
        Assert.True(watch.TryRead(out var first) && watch.TryRead(out var second) && first.Subject == second.Subject);
        Assert.Matches("^[A-Za-z0-9_-]{43}$", first!.Subject);
    }

    [Fact]
    public async Task AnotherTenant_SeesNothing()
    {
        using var watch = await _house.Broadcast.WatchAsync("fabrikam", Never);
        await _house.RefuseAsync(Call(ForbidAll));
        Assert.False(watch!.TryRead(out _));
    }

    [Fact]
    public async Task SlowReader_LosesWhatComesWhileItsQueueIsFull_AndIsTold_AndNobodyWaits()
    {
        using var slow = await WatchAsync();
        using var quick = await WatchAsync();
        for (var i = 0; i < DecisionWatch.Capacity + 7; i++)
        {
            await _house.RefuseAsync(Call(ForbidAll));
            Assert.True(quick.TryRead(out _));
        }

        Assert.Equal((7, 0), (slow.TakeDropped(), slow.TakeDropped()));
        Assert.Equal(0, quick.TakeDropped());
        var left = 0;
        while (slow.TryRead(out _))
        {
            left++;
        }

        Assert.Equal(DecisionWatch.Capacity, left);
    }

    [Fact]
    public async Task Watchers_AreBounded_AndAPlaceIsFreeAgain()
    {
        var watches = new List<DecisionWatch>();
        for (var i = 0; i < DecisionBroadcast.MaxWatchers; i++)
        {
            watches.Add(await WatchAsync());
        }

        Assert.Null(await _house.Broadcast.WatchAsync("contoso", Never));
        watches[0].Dispose();
        using var again = await WatchAsync();
        watches.ForEach(static w => w.Dispose());
        Assert.True(_house.Broadcast.IsWatched);
        again.Dispose();
        Assert.False(_house.Broadcast.IsWatched);
    }

    private static TextCall Call(string policies) => TextCall.Of(policies) with
    {
        Request = new RequestRecord { Route = "/test", Method = "POST", Tenant = "contoso" },
    };

    private async Task<DecisionWatch> WatchAsync()
    {
        var watch = await _house.Broadcast.WatchAsync("contoso", Never);
        Assert.NotNull(watch);
        return watch;
    }
}
