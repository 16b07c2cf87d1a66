using System.Net;
using System.Net.NetworkInformation;
using Amqp;
using Proofgate.Local.Hub;
using Proofgate.Support;

namespace Proofgate.Local.Tests.Hub;

/// <summary>hub.md: bounds, credit, disk and ends.</summary>
public sealed class HubBrokerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static readonly string[] Ended = [ErrorCode.MessageSizeExceeded, ErrorCode.ResourceLimitExceeded, ErrorCode.ConnectionForced];

    private HubOptions Options => new() { DataFolder = _folder.Path };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Broker_ListensOnLoopbackAlone()
    {
        await using var broker = HubFixture.Start(Options);
        var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(l => l.Port == broker.Port).ToList();
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, broker.Port)], listeners);
    }

    [Fact]
    public async Task Key_IsAskedFor_ByPlain()
    {
        await using var broker = HubFixture.Start(Options);
        await using (var good = await Client.ConnectAsync(broker))
            Assert.Null(await good.SendAsync([1]));
        await Assert.ThrowsAnyAsync<Exception>(() => Client.ConnectAsync(broker, "another"));
    }

    [Fact]
    public async Task Receiver_GetsWhatItAskedFor_AndNoMore()
    {
        await using var broker = HubFixture.Start(Options);
        await using var client = await Client.ConnectAsync(broker);
        var (send, _) = client.Sender();
        for (var i = 0; i < 10; i++)
            Assert.Null(await send([1]));
        var link = client.Receiver("x-opt-offset > '-1'");
        link.SetCredit(3, autoRestore: false);
        Assert.Equal([0, 1, 2], await Client.ReceiveAsync(link, 3));
        link.SetCredit(4, autoRestore: false);
        Assert.Equal([3, 4, 5, 6], await Client.ReceiveAsync(link, 4));

        // A flow that says the same again gives nothing more, and takes nothing away.
        var latest = client.Receiver("x-opt-offset > '@latest'");
        latest.SetCredit(5, autoRestore: false);
        Assert.Empty(await Client.ReceiveAsync(latest, 0));
        latest.SetCredit(0, autoRestore: false);
        Assert.Empty(await Client.ReceiveAsync(latest, 0));
        for (var i = 0; i < 10; i++)
            Assert.Null(await send([1]));
        Assert.Equal([10, 11, 12, 13, 14], await Client.ReceiveAsync(latest, 5));
        latest.SetCredit(2, autoRestore: false);
        Assert.Equal([15, 16], await Client.ReceiveAsync(latest, 2));
    }

    [Fact]
    public async Task DrainedReceiver_GetsTheRest_AndItsCreditBack()
    {
        await using var broker = HubFixture.Start(Options);
        await using var client = await Client.ConnectAsync(broker);
        var (send, _) = client.Sender();
        for (var i = 0; i < 3; i++)
            Assert.Null(await send([1]));
        var link = client.Receiver("x-opt-offset > '-1'");
        link.SetCredit(10, CreditMode.Drain);
        Assert.Equal([0, 1, 2], await Client.ReceiveAsync(link, 3));
        Assert.Null(await send([1]));
        Assert.Empty(await Client.ReceiveAsync(link, 0));
        link.SetCredit(10, CreditMode.Drain);
        Assert.Equal([3], await Client.ReceiveAsync(link, 1));
    }

    [Fact]
    public async Task Message_IsRefused_WhenItIsTooLarge_AndTheConnectionEnds_WhenItDoesNotEnd()
    {
        await using var broker = HubFixture.Start(Options with { MaxMessageBytes = 100_000 });
        await using var client = await Client.ConnectAsync(broker);
        var (send, _) = client.Sender();
        Assert.Null(await send(new byte[99_000]));
        Assert.Equal(ErrorCode.MessageSizeExceeded, await send(new byte[101_000]));
        Assert.Null(await send([1]));
        var closed = client.ClosedAsync();
        // The client writes on while the connection is closed, so it may see the one or the other.
        Assert.Contains(await send(new byte[1_000_000]), Ended);
        Assert.Contains(await closed, Ended);
        await using var another = await Client.ConnectAsync(broker);
        Assert.Null(await another.SendAsync([1]));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (broker.WaitingBytes > 0)
        {
            // What the closed connection had sent is given up when its last write ends, which tells nobody.
            await Task.Delay(20, patience.Token);
        }
    }

    [Fact]
    public async Task UnfinishedMessages_AreBounded_OverAllConnections()
    {
        await using var broker = HubFixture.Start(Options with { MaxWaitingBytes = 100_000 });
        await using var client = await Client.ConnectAsync(broker);
        var closed = client.ClosedAsync();
        await client.SendAsync(new byte[500_000]);
        Assert.Contains(await closed, Ended);
        await using var another = await Client.ConnectAsync(broker);
        Assert.Null(await another.SendAsync(new byte[10_000]));
    }

    [Fact]
    public async Task FullHub_RefusesClearly_StillReads_AndTakesAgain_WhenRecordsHavePassedTheirTime()
    {
        var small = Options with { MaxDiskBytes = 1 << 20, SegmentBytes = 64 << 10, MaxMessageBytes = 64 << 10 };
        var stored = 0;
        await using (var broker = HubFixture.Start(small))
        {
            await using var client = await Client.ConnectAsync(broker);
            var (send, _) = client.Sender();
            string? refusal;
            while ((refusal = await send(new byte[20_000])) is null)
                Assert.True(++stored < 100);
            Assert.Equal(ErrorCode.ResourceLimitExceeded, refusal);
            Assert.InRange(stored, 40, 60);
            var link = client.Receiver("x-opt-offset > '-1'");
            link.SetCredit(200, autoRestore: false);
            Assert.Equal(stored, (await Client.ReceiveAsync(link, stored)).Count);
        }

        await using var later = HubFixture.Start(small with { Retention = TimeSpan.Zero });
        await using var again = await Client.ConnectAsync(later);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await again.SendAsync([1]) is not null)
        {
            // Old files go on a timer, which tells nobody.
            await Task.Delay(20, patience.Token);
        }
    }

    [Fact]
    public async Task TornTail_IsCutOff_AndNumbersGoOn()
    {
        await using (var broker = HubFixture.Start(Options))
        {
            await using var client = await Client.ConnectAsync(broker);
            for (var i = 0; i < 3; i++)
                Assert.Null(await client.SendAsync([1, 2, 3]));
        }

        var segment = Directory.GetFiles(Path.Combine(_folder.Path, "audit", "p00"), "*.seg").Single();
        await File.AppendAllTextAsync(segment, "half a record that a kill has left");
        await using var second = HubFixture.Start(Options);
        await using var reader = await Client.ConnectAsync(second);
        Assert.Null(await reader.SendAsync([4]));
        var link = reader.Receiver("x-opt-offset > -1");
        link.SetCredit(10, autoRestore: false);
        Assert.Equal([0, 1, 2, 3], await Client.ReceiveAsync(link, 4));
    }

    [Fact]
    public async Task Closing_LeavesNoMessageWithoutAnAnswer_ThatItHasStored()
    {
        var accepted = 0;
        await using (var broker = HubFixture.Start(Options))
        {
            await using var client = await Client.ConnectAsync(broker);
            var (send, _) = client.Sender();
            Assert.Null(await send([1]));
            var all = Enumerable.Range(0, 200).Select(_ => send(new byte[1000])).ToList();
            await broker.DisposeAsync();
            var outcomes = await Task.WhenAll(all);
            accepted = 1 + outcomes.Count(static o => o is null);
            Assert.All(outcomes, static o => Assert.True(o is null or "com.microsoft:server-busy" or ErrorCode.ConnectionForced, o));
        }

        await using var second = HubFixture.Start(Options);
        await using var reader = await Client.ConnectAsync(second);
        var link = reader.Receiver("x-opt-offset > -1");
        link.SetCredit(1000, autoRestore: false);
        Assert.Equal(accepted, (await Client.ReceiveAsync(link, accepted)).Count);
    }

    [Fact]
    public async Task SixthReader_IsRefused_AndAnEpochTakesThePlaceOfAll()
    {
        await using var broker = HubFixture.Start(Options);
        await using var client = await Client.ConnectAsync(broker);
        Assert.Null(await client.SendAsync([1]));
        var readers = Enumerable.Range(0, 5).Select(_ => client.Receiver("x-opt-offset > -1")).ToList();
        foreach (var reader in readers)
        {
            reader.SetCredit(1, autoRestore: false);
            Assert.Equal([0], await Client.ReceiveAsync(reader, 1));
        }

        Assert.Equal(ErrorCode.ResourceLimitExceeded, await Client.ClosedAsync(client.Receiver("x-opt-offset > -1")));
        var closed = readers.Select(Client.ClosedAsync).ToList();
        var owner = client.Receiver("x-opt-offset > -1", epoch: 1);
        Assert.All(await Task.WhenAll(closed), static condition => Assert.Equal(ErrorCode.Stolen, condition));
        owner.SetCredit(1, autoRestore: false);
        Assert.Equal([0], await Client.ReceiveAsync(owner, 1));
    }

    [Fact]
    public async Task Connections_AreLimited_AndAClosedOneMakesRoom()
    {
        await using var broker = HubFixture.Start(Options with { MaxConnections = 1 });
        await using (var only = await Client.ConnectAsync(broker))
        {
            Assert.Null(await only.SendAsync([1]));
            Assert.NotNull(await ConnectAndSendAsync(broker));
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await ConnectAndSendAsync(broker) is not null)
        {
            // The broker sees the end of a connection a moment after the client.
            await Task.Delay(20, patience.Token);
        }
    }

    private static Task<Exception?> ConnectAndSendAsync(HubBroker broker) => Record.ExceptionAsync(async () =>
    {
        await using var client = await Client.ConnectAsync(broker);
        Assert.Null(await client.SendAsync([1]));
    });

    [Fact]
    public async Task EmptyFrames_KeepAConnection_ThatHasNothingToSay()
    {
        await using var broker = HubFixture.Start(Options with { IdleTimeout = TimeSpan.FromSeconds(1) });
        await using var client = await Client.ConnectAsync(broker, idle: TimeSpan.FromSeconds(1));
        Assert.Null(await client.SendAsync([1]));
        // Longer than either side's patience.
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        Assert.False(client.IsClosed);
        Assert.Null(await client.SendAsync([1]));
    }

    [Fact]
    public async Task FolderAndPort_AreOneBrokers()
    {
        await using var broker = HubFixture.Start(Options);
        Assert.Contains("choose another folder", Assert.Throws<LocalSetupException>(() => HubFixture.Start(Options)).Message, StringComparison.Ordinal);
        using var other = new TemporaryFolder();
        var taken = Assert.Throws<LocalSetupException>(() => HubFixture.Start(new HubOptions { DataFolder = other.Path, Port = broker.Port }));
        Assert.Contains($"Port {broker.Port} on 127.0.0.1 cannot be used", taken.Message, StringComparison.Ordinal);
    }
}
