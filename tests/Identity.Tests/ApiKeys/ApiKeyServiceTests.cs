using System.Net;
using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Tests.Support;

namespace Proofgate.Identity.Tests.ApiKeys;

public sealed class ApiKeyServiceTests
{
    [Fact]
    [Trait("Rule", "K2")]
    [Trait("Rule", "K3")]
    public async Task Create_StoresADigestAndNeverTheKey_WithEverythingThatWasAsked()
    {
        await using var room = await Room.ReadyAsync();
        var (key, record) = await room.CreateAsync(Room.Spec with { Environment = "test", Purpose = "support", Clearance = 2 });
        var stored = room.Store[key.Id];
        Assert.Equal(record with { Version = stored.Version }, stored);
        Assert.Equal(
            System.Security.Cryptography.HMACSHA256.HashData(Convert.FromBase64String(Room.Pepper(1)), System.Text.Encoding.ASCII.GetBytes(key.Reveal())),
            stored.Digest.ToArray());
        Assert.DoesNotContain(key.Reveal()[18..48], stored.ToString(), StringComparison.Ordinal);
        Assert.Equal(("test", "assistant", "svc-assistant", "contoso", "support"), (stored.Environment, stored.Name, stored.Owner, stored.Tenant, stored.Purpose));
        Assert.Equal((2, "system", ApiKeyState.Active, 1), (stored.Clearance, stored.CreatedBy, stored.State, stored.PepperVersion));
        Assert.Equal(room.Time.GetUtcNow(), stored.Created);
        Assert.Equal(room.Time.GetUtcNow(), stored.NotBefore);
        Assert.Null(stored.Thumbprint);
    }

    [Fact]
    [Trait("Rule", "K3")]
    public async Task Create_LimitsTheAge_UnlessItWasAskedNotTo()
    {
        await using var room = await Room.ReadyAsync();
        var now = room.Time.GetUtcNow();
        Assert.Equal(now.AddDays(90), (await room.CreateAsync()).Record.Expires);
        Assert.Equal(now.AddDays(100), (await room.CreateAsync(Room.Spec with { NotBefore = now.AddDays(10) })).Record.Expires);
        Assert.Equal(now.AddDays(7), (await room.CreateAsync(Room.Spec with { Expires = now.AddDays(7) })).Record.Expires);
        Assert.Null((await room.CreateAsync(Room.Spec with { NeverExpires = true })).Record.Expires);

        await using var strict = await Room.ReadyAsync(("Proofgate:Identity:DefaultKeyAge", "30.00:00:00"));
        Assert.Equal(now.AddDays(30), (await strict.CreateAsync()).Record.Expires);
    }

    public static TheoryData<ApiKeySpec, string> Invalid()
    {
        var now = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var spec = Room.Spec;
        return new TheoryData<ApiKeySpec, string>
        {
            { spec with { Name = " " }, "name" },
            { spec with { Name = new string('n', 101) }, "name" },
            { spec with { Name = "evil\u001b[2J" }, "name" },
            { spec with { Name = "evil\u202egnp" }, "name" },
            { spec with { Name = "evil\ud800" }, "name" },
            { spec with { Owner = "" }, "owner" },
            { spec with { Owner = new string('o', 201) }, "owner" },
            { spec with { OwnerKind = (SubjectKind)7 }, "ownerKind" },
            { spec with { Tenant = "" }, "tenant" },
            { spec with { Tenant = "a b" }, "tenant" },
            { spec with { Environment = "prod" }, "environment" },
            { spec with { Purpose = "a b" }, "purpose" },
            { spec with { Roles = new HashSet<string> { "ok", "" } }, "roles" },
            { spec with { Roles = Enumerable.Range(0, 201).Select(i => $"r{i}").ToHashSet() }, "roles" },
            { spec with { Clearance = -1 }, "clearance" },
            { spec with { Limits = new KeyLimits { Actions = new HashSet<string> { "in fer" } } }, "actions" },
            { spec with { Limits = new KeyLimits { Models = new HashSet<string> { "\n" } } }, "models" },
            { spec with { Limits = new KeyLimits { Datasets = new HashSet<string> { "" } } }, "datasets" },
            { spec with { Limits = new KeyLimits { MaxLabel = -1 } }, "maxLabel" },
            { spec with { Limits = new KeyLimits { RequestsPerMinute = 0 } }, "requestsPerMinute" },
            { spec with { Limits = new KeyLimits { TokensPerDay = 0 } }, "tokensPerDay" },
            { spec with { Limits = new KeyLimits { Networks = [IPNetwork.Parse("::ffff:10.0.0.0/104")] } }, "networks" },
            { spec with { Limits = new KeyLimits { Networks = [.. Enumerable.Repeat(IPNetwork.Parse("10.0.0.0/8"), 201)] } }, "networks" },
            { spec with { Expires = now }, "expires" },
            { spec with { Expires = now.AddDays(5), NotBefore = now.AddDays(5) }, "expires" },
            { spec with { Expires = DateTimeOffset.MaxValue }, "expires" },
            { spec with { Expires = now.AddDays(1), NeverExpires = true }, "expires" },
            { spec with { NotBefore = DateTimeOffset.MaxValue }, "notBefore" },
        };
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public async Task Create_NamesTheMember_ForEachInvalidInput(ApiKeySpec spec, string member)
    {
        await using var room = await Room.ReadyAsync();
        var invalid = Assert.IsType<ApiKeyCreation.Invalid>(await room.Keys.CreateAsync(spec, "system", CancellationToken.None));
        Assert.StartsWith(member + " ", Assert.Single(invalid.Problems), StringComparison.Ordinal);
        Assert.Equal(0, room.Store.Count);
    }

    [Fact]
    public async Task Create_ReportsAllProblems_Together()
    {
        await using var room = await Room.ReadyAsync();
        var spec = Room.Spec with { Name = "", Tenant = "", Clearance = -1 };
        var invalid = Assert.IsType<ApiKeyCreation.Invalid>(await room.Keys.CreateAsync(spec, "system", CancellationToken.None));
        Assert.Equal(3, invalid.Problems.Count);
    }

    [Theory]
    [InlineData("Müllers Assistent 🤖")]
    [InlineData("n")]
    public async Task Create_AcceptsNames_InAnyLanguage(string name)
    {
        await using var room = await Room.ReadyAsync();
        Assert.Equal(name, (await room.CreateAsync(Room.Spec with { Name = name })).Record.Name);
    }

    [Fact]
    public async Task List_ShowsEveryKey_RevokedOnesIncluded()
    {
        await using var room = await Room.ReadyAsync();
        var (one, two) = ((await room.CreateAsync()).Key.Id, (await room.CreateAsync()).Key.Id);
        await room.Keys.RevokeAsync(one, CancellationToken.None);
        var states = new Dictionary<KeyId, ApiKeyState>();
        await foreach (var record in room.Keys.ListAsync(null, CancellationToken.None))
        {
            states.Add(record.Id, record.State);
        }

        Assert.Equal(new Dictionary<KeyId, ApiKeyState> { [one] = ApiKeyState.Revoked, [two] = ApiKeyState.Active }, states);
    }

    [Fact]
    [Trait("Rule", "K6")]
    public async Task Revoke_WorksOnceAndKeepsItsTime_HoweverOftenItIsAsked()
    {
        await using var room = await Room.ReadyAsync();
        var id = (await room.CreateAsync()).Key.Id;
        var first = Assert.IsType<ApiKeyRevocation.Revoked>(await room.Keys.RevokeAsync(id, CancellationToken.None));
        Assert.True(first.WasActive);
        Assert.Equal(room.Time.GetUtcNow(), first.Record.Revoked);

        room.Time.Advance(TimeSpan.FromHours(1));
        var second = Assert.IsType<ApiKeyRevocation.Revoked>(await room.Keys.RevokeAsync(id, CancellationToken.None));
        Assert.False(second.WasActive);
        Assert.Equal(first.Record.Revoked, second.Record.Revoked);
    }

    [Fact]
    public async Task Revoke_SaysSo_WhenThereIsNoSuchKey()
    {
        await using var room = await Room.ReadyAsync();
        Assert.IsType<ApiKeyRevocation.NotFound>(await room.Keys.RevokeAsync(KeyId.New(), CancellationToken.None));
    }

    [Fact]
    [Trait("Rule", "K6")]
    public async Task Revoke_KeepsAnotherWritersChange_WhenBothChangeTheKeyAtOnce()
    {
        await using var room = await Room.ReadyAsync();
        var id = (await room.CreateAsync()).Key.Id;
        var raced = 0;
        room.Store.BeforeUpdate = r =>
        {
            if (raced++ < 3)
            {
                room.Store.Change(r.Id, stored => stored with { Clearance = raced });
            }
        };
        Assert.IsType<ApiKeyRevocation.Revoked>(await room.Keys.RevokeAsync(id, CancellationToken.None));
        Assert.Equal((ApiKeyState.Revoked, 3L), (room.Store[id].State, room.Store[id].Clearance));
    }

    [Fact]
    public async Task Revoke_Throws_RatherThanClaimWhatItCouldNotDo()
    {
        await using var room = await Room.ReadyAsync();
        var id = (await room.CreateAsync()).Key.Id;
        room.Store.BeforeUpdate = r => room.Store.Change(r.Id, stored => stored with { Clearance = stored.Clearance + 1 });
        await Assert.ThrowsAsync<InvalidOperationException>(() => room.Keys.RevokeAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task Initialize_MakesTheFirstAdministrator_Once()
    {
        await using var room = await Room.ReadyAsync();
        var spec = Room.Spec with { Roles = new HashSet<string> { "admin" } };
        Assert.IsType<ApiKeyCreation.Invalid>(await room.Keys.InitializeAsync(spec with { Name = "" }, CancellationToken.None));
        var created = Assert.IsType<ApiKeyCreation.Created>(await room.Keys.InitializeAsync(spec, CancellationToken.None));
        Assert.Equal("system", created.Record.CreatedBy);
        Assert.Contains("admin", (await room.CallerAsync(created.Key)).Roles);

        Assert.IsType<ApiKeyCreation.AlreadyInitialized>(await room.Keys.InitializeAsync(spec, CancellationToken.None));
        Assert.Equal(1, room.Store.Count);
    }
}
