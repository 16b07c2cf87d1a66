using Proofgate.Support;

namespace Proofgate.Local.Tests;

public sealed class ProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Program_SavesAndEnds_OnCtrlC()
    {
        await using (var program = LocalProgram.Start(_folder.Of("data")))
        {
            await Rows.AddAsync(await LocalProgram.ConnectionStringAsync(program), 10);
            program.Interrupt();
            Assert.Equal(0, await program.WaitForExitAsync());
        }

        await using var server = await AzuriteServer.StartAsync(new AzuriteOptions { DataFolder = _folder.Of("data") }, null, CancellationToken.None);
        Assert.Equal(10, await Rows.CountAsync(server.ConnectionString));
    }

    [Fact]
    public async Task Program_SaysWhatToInstall_WithoutNode()
    {
        var environment = new Dictionary<string, string?> { ["PATH"] = "" };
        await using var program = LocalProgram.Start(_folder.Of("data"), environment);

        Assert.Equal(1, await program.WaitForExitAsync());
        Assert.Contains(program.Errors, static line => line.Contains("Install Node.js 20 or later", StringComparison.Ordinal));
        Assert.Empty(program.Output);
    }

    [Theory]
    [InlineData("70000")]
    [InlineData("-1")]
    [InlineData("many")]
    public async Task Program_RefusesAPort_ThatIsNone(string port)
    {
        await using var program = ManagedProcess.StartAssembly(
            typeof(AzuriteServer).Assembly.Location, ["--data", _folder.Of("data"), "--table-port", port]);
        Assert.Equal(1, await program.WaitForExitAsync());
        Assert.Contains(program.Errors, static line => line.Contains("--table-port must be 0 to 65535.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Program_SaysSo_WhenAzuriteEndsByItself()
    {
        await using var program = LocalProgram.Start(_folder.Of("data"));
        await LocalProgram.ConnectionStringAsync(program);
        Processes.Signals.Kill(int.Parse(await File.ReadAllTextAsync(_folder.Of("data", "azurite.pid")), null));

        Assert.Equal(1, await program.WaitForExitAsync());
        Assert.Contains(program.Errors, static line => line.Contains("Azurite ended by itself", StringComparison.Ordinal));
    }
}
