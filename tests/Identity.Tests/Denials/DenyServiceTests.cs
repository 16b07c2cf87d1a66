using Proofgate.Identity.Denials;
using Proofgate.Identity.Tests.Support;
using static Proofgate.Identity.AuthenticationResult;

namespace Proofgate.Identity.Tests.Denials;

[Trait("Rule", "K6")]
public sealed class DenyServiceTests
{
    [Fact]
    public async Task DeniedSubject_IsRefusedAtOnce_UntilTheEntryIsLifted()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        var asker = await AskerAsync(room);
        await room.CallerAsync(key);
        var added = Assert.IsType<DenyAddition.Added>(await AddAsync(room, Entry(DenyKind.Subject, Room.Spec.Owner), asker));
        Assert.True(added.IsNew);
        var refused = Assert.IsType<Refused>(await room.BearerAsync(key.Reveal()));
        Assert.Equal((401, "invalid_token", "The credential was revoked.", "denied"), (refused.Status, refused.Code, refused.Description, refused.Reason));

        Assert.NotNull(await room.Get<DenyService>().LiftAsync(added.Entry.Id, "contoso", CancellationToken.None));
        await room.CallerAsync(key);
        Assert.Null(await room.Get<DenyService>().LiftAsync(added.Entry.Id, "contoso", CancellationToken.None));
    }

    [Fact]
    public async Task EntryOfAnotherTenant_DoesNotExist()
    {
        await using var room = await Room.ReadyAsync();
        var asker = await AskerAsync(room);
        var entry = ((DenyAddition.Added)await AddAsync(room, Entry(DenyKind.Subject, "x"), asker)).Entry;
        Assert.Empty(await room.Get<DenyService>().ListAsync("fabrikam", CancellationToken.None));
        Assert.Null(await room.Get<DenyService>().LiftAsync(entry.Id, "fabrikam", CancellationToken.None));
        Assert.Single(room.Denials.Entries);
    }

    [Theory]
    [InlineData(DenyKind.Subject)]
    [InlineData(DenyKind.Client)]
    public async Task Asker_IsNotDenied_UnlessAskedForInSoManyWords(DenyKind kind)
    {
        await using var room = await Room.ReadyAsync();
        var asker = await AskerAsync(room);
        var entry = Entry(kind, kind == DenyKind.Subject ? asker.Subject : asker.Client);
        Assert.IsType<DenyAddition.DeniesAsker>(await AddAsync(room, entry, asker));
        Assert.Empty(room.Denials.Entries);
        Assert.IsType<DenyAddition.Added>(await room.Get<DenyService>().AddAsync(entry, asker, force: true, CancellationToken.None));
    }

    [Theory]
    [InlineData(DenyKind.Subject, "", "value")]
    [InlineData(DenyKind.Subject, "a\u001b[2J", "value")]
    [InlineData(DenyKind.Thumbprint, "short", "value")]
    [InlineData(DenyKind.IssuerKey, "https://issuer.example/", "value")]
    [InlineData(DenyKind.IssuerKey, " kid", "value")]
    [InlineData(DenyKind.IssuerKey, "iss ", "value")]
    [InlineData(DenyKind.Client, "pgk_live_AAAAAAAA_secret", "value")]
    public async Task Value_MustFitItsKind(DenyKind kind, string value, string member)
    {
        await using var room = await Room.ReadyAsync();
        var invalid = Assert.IsType<DenyAddition.Invalid>(await AddAsync(room, Entry(kind, value), await AskerAsync(room)));
        Assert.StartsWith(member + " ", Assert.Single(invalid.Problems), StringComparison.Ordinal);
        Assert.Empty(room.Denials.Entries);
    }

    [Fact]
    public async Task UntilAndReason_AreChecked_Together()
    {
        await using var room = await Room.ReadyAsync();
        var entry = Entry(DenyKind.Subject, new string('x', 1001)) with { Until = room.Time.GetUtcNow(), Reason = new string('r', 201) };
        Assert.Equal(3, Assert.IsType<DenyAddition.Invalid>(await AddAsync(room, entry, await AskerAsync(room))).Problems.Count);
    }

    [Fact]
    public async Task SameDenialAgain_ReplacesTheEntry()
    {
        await using var room = await Room.ReadyAsync();
        var asker = await AskerAsync(room);
        await AddAsync(room, Entry(DenyKind.TokenId, "j") with { Until = room.Time.GetUtcNow().AddHours(1) }, asker);
        Assert.False(Assert.IsType<DenyAddition.Added>(await AddAsync(room, Entry(DenyKind.TokenId, "j"), asker)).IsNew);
        Assert.Null(Assert.Single(room.Denials.Entries).Until);
    }

    [Fact]
    public async Task ListThatIsFull_TakesNoMore_ButReplaces()
    {
        await using var room = await Room.ReadyAsync();
        var asker = await AskerAsync(room);
        for (var i = 0; i < DenyService.MaxEntriesOfTenant; i++)
        {
            await room.Denials.PutAsync(Entry(DenyKind.TokenId, $"j{i}"), CancellationToken.None);
        }

        Assert.True(Assert.IsType<DenyAddition.Full>(await AddAsync(room, Entry(DenyKind.TokenId, "one more"), asker)).OfTenant);
        Assert.IsType<DenyAddition.Added>(await AddAsync(room, Entry(DenyKind.TokenId, "j1"), asker));

        for (var i = 0; i < DenyService.MaxEntries - DenyService.MaxEntriesOfTenant; i++)
        {
            await room.Denials.PutAsync(Entry(DenyKind.TokenId, $"j{i}") with { Tenant = $"t{i % 10}" }, CancellationToken.None);
        }

        Assert.False(Assert.IsType<DenyAddition.Full>(await AddAsync(room, Entry(DenyKind.TokenId, "x") with { Tenant = "another" }, asker)).OfTenant);
    }

    [Fact]
    public async Task LapsedEntries_AreNotListed_DoNotCount_AndGoWithTheNextAddition()
    {
        await using var room = await Room.ReadyAsync();
        var asker = await AskerAsync(room);
        for (var i = 0; i < 25; i++)
        {
            await AddAsync(room, Entry(DenyKind.TokenId, $"j{i}") with { Until = room.Time.GetUtcNow().AddSeconds(1) }, asker);
        }

        room.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await room.Get<DenyService>().ListAsync("contoso", CancellationToken.None));
        await AddAsync(room, Entry(DenyKind.TokenId, "one"), asker);
        Assert.Equal(6, room.Denials.Entries.Count);
        await AddAsync(room, Entry(DenyKind.TokenId, "two"), asker);
        Assert.Equal(2, room.Denials.Entries.Count);
    }

    [Fact]
    public async Task EntryIsStored_ThoughThisInstanceCannotReadTheListAgain()
    {
        await using var room = await Room.ReadyAsync();
        var asker = await AskerAsync(room);
        var reads = 0;
        room.Denials.BeforeReadReturns = () => ++reads == 2 ? throw new IOException("fault") : Task.CompletedTask;
        Assert.IsType<DenyAddition.Added>(await AddAsync(room, Entry(DenyKind.Subject, Room.Spec.Owner), asker));
        room.Denials.BeforeReadReturns = null;
        var key = (await room.CreateAsync()).Key;
        await room.CallerAsync(key);
        await room.ReadFeedAsync();
        Assert.Equal("denied", Assert.IsType<Refused>(await room.BearerAsync(key.Reveal())).Reason);
    }

    [Fact]
    public void Ids_TellTriplesApart_AndAreStable()
    {
        string[] ids =
        [
            DenyId.Of("t", DenyKind.Subject, "a"), DenyId.Of("t", DenyKind.Client, "a"), DenyId.Of("u", DenyKind.Subject, "a"), DenyId.Of("t", DenyKind.Subject, "b"),
        ];
        Assert.Equal(4, ids.Distinct().Count());
        Assert.Equal(ids[0], DenyId.Of("t", DenyKind.Subject, "a"));
        Assert.Matches("^subject-[A-Za-z0-9_-]{43}$", ids[0]);
    }

    private static Task<DenyAddition> AddAsync(Room room, DenyEntry entry, Caller asker) =>
        room.Get<DenyService>().AddAsync(entry, asker, force: false, CancellationToken.None);

    private static async Task<Caller> AskerAsync(Room room) => await room.CallerAsync((await room.CreateAsync(Room.Spec with { Owner = "admin" })).Key);

    private static DenyEntry Entry(DenyKind kind, string value) => new() { Tenant = "contoso", Kind = kind, Value = value, By = "admin", Created = default };
}
