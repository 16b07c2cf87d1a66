using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Sessions;
using Proofgate.Enforcement;
using Proofgate.Policy;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.AzureStores.Tests.Sessions;

[Collection(AzuriteGroup.Name)]
public sealed class TableSessionsTests(AzuriteFixture azurite, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private static readonly DateTimeOffset Ends = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SessionKey Key = new(new DateOnly(2026, 3, 1), new string('a', 64));

    private TableClient _table = null!;
    private TableSessions _sessions = null!;

    public async Task InitializeAsync()
    {
        _table = await Tables.NewAsync(azurite);
        _sessions = new TableSessions(_table, TimeProvider.System);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Session_IsFoundAsItWasMade_AndNoOther()
    {
        await _sessions.CreateAsync(Key, Of("internal"), Never);

        var found = await _sessions.FindAsync(Key, Never);
        Assert.Equal(Ends, found!.Ends);
        Assert.Equal(["internal"], found.Labels);
        Assert.Null(await _sessions.FindAsync(Key with { Digest = new string('b', 64) }, Never));
        Assert.Null(await _sessions.FindAsync(Key with { Day = Key.Day.AddDays(1) }, Never));
    }

    [Fact]
    public async Task Raise_Adds_AndTakesNothingAway()
    {
        await _sessions.CreateAsync(Key, Of("confidential"), Never);
        Assert.Equal(["confidential", "public"], (await _sessions.RaiseAsync(Key, "public", Never))!.Labels.Order());
        Assert.Equal(2, (await _sessions.FindAsync(Key, Never))!.RankIn(LabelScale.Default));
        Assert.Equal(3, (await _sessions.RaiseAsync(Key, "restricted", Never))!.RankIn(LabelScale.Default));
        Assert.Null(await _sessions.RaiseAsync(Key with { Digest = new string('b', 64) }, "public", Never));
    }

    [Fact]
    public async Task ManyInstances_RaiseOneSession_ToTheHighestOfAll_AndNoneSeesItFall()
    {
        var names = LabelScale.Default.Names;
        for (var round = 0; round < Counts.Of(500, output); round++)
        {
            var key = Key with { Digest = round.ToString("x64", System.Globalization.CultureInfo.InvariantCulture) };
            await _sessions.CreateAsync(key, Of("public"), Never);
            var seed = round;
            await Task.WhenAll(Enumerable.Range(0, 6).Select(instance => Task.Run(async () =>
            {
                var (sessions, random, before) = (new TableSessions(_table, TimeProvider.System), new Random((seed * 10) + instance), 0L);
                for (var i = 0; i < 8; i++)
                {
                    var label = random.Next(i == 7 ? 4 : 3);
                    var reached = (await sessions.RaiseAsync(key, names[label], Never))!.RankIn(LabelScale.Default);
                    Assert.True(reached >= label);
                    Assert.True(reached >= before);
                    before = (await sessions.FindAsync(key, Never))!.RankIn(LabelScale.Default);
                    Assert.True(before >= reached);
                }
            })));
        }
    }

    [Fact]
    public async Task Session_IsUnavailable_WhereItsTableIsNot()
    {
        await _table.DeleteAsync();
        var sessions = _sessions;
        await Assert.ThrowsAsync<SessionUnavailableException>(async () => await sessions.FindAsync(Key, Never));
        await Assert.ThrowsAsync<SessionUnavailableException>(async () => await sessions.CreateAsync(Key, Of("public"), Never));
        await Assert.ThrowsAsync<SessionUnavailableException>(async () => await sessions.RaiseAsync(Key, "public", Never));
    }

    [Theory]
    [InlineData("Labels", "[]")]
    [InlineData("Labels", "x")]
    [InlineData("Ends", "tomorrow")]
    [InlineData("Limit", "public")]
    public async Task Row_ThatIsNotOurs_IsNoSession(string column, string value)
    {
        await _sessions.CreateAsync(Key, Of("public"), Never);
        var row = (await _table.GetEntityAsync<TableEntity>("2026-03-01", Key.Digest)).Value;
        row[column] = value;
        await _table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);

        await Assert.ThrowsAsync<SessionUnavailableException>(async () => await _sessions.FindAsync(Key, Never));
        await Assert.ThrowsAsync<SessionUnavailableException>(async () => await _sessions.RaiseAsync(Key, "restricted", Never));
    }

    [Fact]
    public async Task Raise_IsKept_AlthoughItsReplyIsLost()
    {
        await _sessions.CreateAsync(Key, Of("public"), Never);
        var raised = await new TableSessions(_table.Over(azurite, new Faults(Fault.None, Fault.ReplyLost, Fault.None)), TimeProvider.System).RaiseAsync(Key, "restricted", Never);
        Assert.Equal(3, raised!.RankIn(LabelScale.Default));
        Assert.Equal(3, (await _sessions.FindAsync(Key, Never))!.RankIn(LabelScale.Default));
    }

    [Fact]
    public async Task Creation_IsDone_AlthoughItsReplyIsLost()
    {
        await new TableSessions(_table.Over(azurite, new Faults(Fault.ReplyLost, Fault.None)), TimeProvider.System).CreateAsync(Key, Of("internal"), Never);
        Assert.Equal(["internal"], (await _sessions.FindAsync(Key, Never))!.Labels);
    }

    [Fact]
    public async Task Sweep_DeletesTheSessionsOfPastDays_AndNoOther()
    {
        // The clock starts on 2030-01-02.
        var time = new SteppedTime();
        var tables = new StorageTables(Options.Create(new StorageOptions { ConnectionString = azurite.ConnectionString }));
        await tables.Sessions.CreateIfNotExistsAsync();
        var store = new TableSessions(tables.Sessions, time);
        var digest = $"{Guid.NewGuid():N}{Guid.NewGuid():N}";
        DateOnly[] days = [new(2029, 12, 30), new(2029, 12, 31), new(2030, 1, 1), new(2030, 1, 2), new(2030, 1, 3)];
        foreach (var day in days)
        {
            await store.CreateAsync(new SessionKey(day, digest), Of("public"), Never);
        }

        using var sweep = new SessionSweep(tables, time, NullLogger<SessionSweep>.Instance);
        await sweep.StartAsync(Never);
        await time.WaitedForAsync(SessionSweep.Interval);
        var left = new List<DateOnly>();
        foreach (var day in days)
        {
            if (await store.FindAsync(new SessionKey(day, digest), Never) is not null)
            {
                left.Add(day);
            }
        }

        Assert.Equal(days[2..], left);
        await sweep.StopAsync(Never);
    }

    private static SessionRecord Of(params string[] labels) => new(new HashSet<string>(labels), Ends);
}
