using System.Globalization;
using Proofgate.Local.Processes;
using Proofgate.Local.Setup;
using Proofgate.Support;

namespace Proofgate.Local.Tests;

/// <summary>What is left when the parent did not get to end its storage.</summary>
public sealed class ParentDeathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Data => _folder.Of("data");

    private string Record => Path.Combine(Data, "azurite.pid");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Azurite_SavesAndEnds_WhenItsParentIsKilled()
    {
        await using var parent = LocalProgram.Start(Data);
        var connection = await LocalProgram.ConnectionStringAsync(parent);
        var azurite = await ReadRecordAsync();
        await Rows.AddAsync(connection, 100);
        parent.Kill();
        await parent.WaitForExitAsync();

        await GoneAsync(azurite);
        await using var next = await AzuriteServer.StartAsync(new AzuriteOptions { DataFolder = Data }, null, CancellationToken.None);
        Assert.Equal(100, await Rows.CountAsync(next.ConnectionString));
    }

    [Fact]
    public async Task NextStart_SeesEveryRow_WhenItComesWhileTheLeftoverStillSaves()
    {
        await using var parent = LocalProgram.Start(Data);
        var connection = await LocalProgram.ConnectionStringAsync(parent);
        await Rows.AddAsync(connection, 100);
        parent.Kill();
        await parent.WaitForExitAsync();

        await using var next = await AzuriteServer.StartAsync(new AzuriteOptions { DataFolder = Data }, null, CancellationToken.None);
        Assert.Equal(100, await Rows.CountAsync(next.ConnectionString));
    }

    [Fact]
    public async Task NextStart_EndsTheLeftover_WhenItDoesNotEndByItself()
    {
        // Its stdin stays open here: nothing but the record tells of it.
        var node = await NodeRuntime.FindAsync(Environment.GetEnvironmentVariable("PATH")!, CancellationToken.None);
        Directory.CreateDirectory(Data);
        await using var leftover = AzuriteProcess.Launch(node, RepositoryRoot.Of("infra", "local", "azurite.mjs"), Data, default);
        await File.WriteAllTextAsync(Record, leftover.Id.ToString(CultureInfo.InvariantCulture));
        leftover.Begin();
        var ports = await leftover.ListensAsync(CancellationToken.None);
        await Rows.AddAsync(
            "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;"
            + $"TableEndpoint=http://127.0.0.1:{ports.Table}/devstoreaccount1;",
            20);

        await using var next = await AzuriteServer.StartAsync(new AzuriteOptions { DataFolder = Data }, null, CancellationToken.None);
        Assert.Equal(0, await leftover.Ended);
        Assert.Equal(20, await Rows.CountAsync(next.ConnectionString));
    }

    [Fact]
    public async Task NextStart_SparesAStranger_WhenTheRecordIsStale()
    {
        await using var stranger = ManagedProcess.Start("node", ["-e", "setInterval(() => {}, 1000); console.log('up')", Data]);
        await stranger.WaitForLineAsync("up");
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(Record, stranger.Id.ToString(CultureInfo.InvariantCulture));

        await using var server = await AzuriteServer.StartAsync(new AzuriteOptions { DataFolder = Data }, null, CancellationToken.None);
        Assert.False(stranger.Ended.IsCompleted);
        Assert.Equal(server.ProcessId, await ReadRecordAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("no number")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("99999999999")]
    public async Task NextStart_IgnoresARecord_ThatNamesNoProcess(string content)
    {
        using var data = PrepareRecord(content);
        await data.EndLeftoverAsync(new Ticker(null, TimeProvider.System), CancellationToken.None);
    }

    [Fact]
    public async Task Wrapper_TouchesNothing_WhenItsParentDiesBeforeItBegins()
    {
        Directory.CreateDirectory(Data);
        await using var wrapper = ManagedProcess.Start("node", [RepositoryRoot.Of("infra", "local", "azurite.mjs"), Data, "0", "0", "0"]);
        wrapper.Input.Close();

        Assert.Equal(0, await wrapper.WaitForExitAsync());
        Assert.Empty(Directory.GetFileSystemEntries(Data));
    }

    private DataFolder PrepareRecord(string content)
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Record, content);
        return DataFolder.Open(Data);
    }

    private async Task<int> ReadRecordAsync() => int.Parse(await File.ReadAllTextAsync(Record), CultureInfo.InvariantCulture);

    /// <summary>Not our child any more, so there is nothing to wait on but its absence.</summary>
    private static async Task GoneAsync(int processId)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (CommandLine.Of(processId).Count > 0)
        {
            // The process table tells nobody.
            await Task.Delay(20, patience.Token);
        }
    }
}
