using Proofgate.Local.Processes;
using Proofgate.Support;

namespace Proofgate.Local.Tests;

public sealed class AzuriteServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Server_ListensOnLoopbackOnly_WithFreePorts()
    {
        await using var server = await StartAsync("data");

        Uri[] endpoints = [server.BlobEndpoint, server.QueueEndpoint, server.TableEndpoint];
        Assert.All(endpoints, static e => Assert.Equal("127.0.0.1", e.Host));
        Assert.Equal(3, endpoints.Select(static e => e.Port).Distinct().Count());
        Assert.All(endpoints, static e => Assert.InRange(e.Port, 1024, 65535));
        await Rows.AddAsync(server.ConnectionString, 1);
        Assert.Equal(1, await Rows.CountAsync(server.ConnectionString));
    }

    [Fact]
    public async Task Server_TakesTheGivenPort()
    {
        var port = FreePort.Next();
        await using var server = await AzuriteServer.StartAsync(Options("data") with { TablePort = port }, null, CancellationToken.None);
        Assert.Equal(port, server.TableEndpoint.Port);
    }

    [Fact]
    public async Task Server_KeepsWhatWasJustWritten_WhenDisposed()
    {
        await using (var first = await StartAsync("data"))
            await Rows.AddAsync(first.ConnectionString, 50);

        await using var second = await StartAsync("data");
        Assert.Equal(50, await Rows.CountAsync(second.ConnectionString));
    }

    [Fact]
    public async Task Server_LeavesNoProcessAndNoRecord_WhenDisposed()
    {
        var server = await StartAsync("data");
        Assert.True(File.Exists(_folder.Of("data", "azurite.pid")));
        await server.DisposeAsync();
        await server.DisposeAsync();

        Assert.Empty(CommandLine.Of(server.ProcessId));
        Assert.Equal(0, await server.Ended);
        Assert.False(File.Exists(_folder.Of("data", "azurite.pid")));
    }

    [Fact]
    public async Task Servers_KeepApart_OnTheirOwnFolders()
    {
        var both = await Task.WhenAll(StartAsync("one"), StartAsync("two"));
        await using var one = both[0];
        await using var two = both[1];
        await Rows.AddAsync(one.ConnectionString, 3);
        await Rows.AddAsync(two.ConnectionString, 5);

        Assert.Equal(3, await Rows.CountAsync(one.ConnectionString));
        Assert.Equal(5, await Rows.CountAsync(two.ConnectionString));
    }

    [Fact]
    public async Task Start_SaysThatTheFolderIsInUse_WhileAnotherServerHoldsIt()
    {
        await using var server = await StartAsync("data");
        var error = await Assert.ThrowsAsync<LocalSetupException>(() => StartAsync("data"));
        Assert.Contains("is in use by another local storage", error.Message, StringComparison.Ordinal);
        await Rows.AddAsync(server.ConnectionString, 1);
    }

    [Fact]
    public async Task Start_NamesThePort_WhenItIsTaken()
    {
        await using var server = await StartAsync("one");
        var taken = server.TableEndpoint.Port;
        var error = await Assert.ThrowsAsync<LocalSetupException>(
            () => AzuriteServer.StartAsync(Options("two") with { TablePort = taken }, null, CancellationToken.None));
        Assert.StartsWith($"Port {taken} on 127.0.0.1 is in use.", error.Message, StringComparison.Ordinal);

        // The failed start let go of its folder.
        await using var again = await StartAsync("two");
    }

    [Fact]
    public async Task Server_GoesOn_WhenCtrlCReachesIt()
    {
        await using var server = await StartAsync("data");
        await Rows.AddAsync(server.ConnectionString, 1);
        for (var i = 0; i < 3; i++)
            Signals.Interrupt(server.ProcessId);

        Assert.Equal(1, await Rows.CountAsync(server.ConnectionString));
        Assert.False(server.Ended.IsCompleted);
    }

    [Fact]
    public async Task Ended_Completes_WhenTheProcessIsKilled()
    {
        await using var server = await StartAsync("data");
        Signals.Kill(server.ProcessId);
        Assert.NotEqual(0, await server.Ended.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Start_LeavesNothingBehind_WhenItIsCancelled()
    {
        using var cancel = new CancellationTokenSource();
        var starting = AzuriteServer.StartAsync(Options("data"), null, cancel.Token);
        var record = _folder.Of("data", "azurite.pid");
        var id = 0;
        while (id == 0)
        {
            await Task.Yield();
            if (File.Exists(record) && int.TryParse(await File.ReadAllTextAsync(record, CancellationToken.None), out var read))
                id = read;
        }

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);
        Assert.Empty(CommandLine.Of(id));
        await using var again = await StartAsync("data");
    }

    private Task<AzuriteServer> StartAsync(string folder) => AzuriteServer.StartAsync(Options(folder), null, CancellationToken.None);

    private AzuriteOptions Options(string folder) => new() { DataFolder = _folder.Of(folder) };
}
