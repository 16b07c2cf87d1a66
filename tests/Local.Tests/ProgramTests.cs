using System.Text.Json;
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
            var settings = await LocalProgram.SettingsAsync(program);
            Assert.Equal("audit", settings.GetProperty("Proofgate__Audit__Hub").GetString());
            Assert.Matches(@"^Endpoint=sb://127\.0\.0\.1:\d+;SharedAccessKeyName=\w+;SharedAccessKey=\w+;UseDevelopmentEmulator=true;$", settings.GetProperty("Proofgate__EventHubs__Connection").GetString());
            Assert.Equal(settings.GetProperty("AzureWebJobsStorage").GetString(), settings.GetProperty("Proofgate__Storage__ConnectionString").GetString());
            program.Interrupt();
            Assert.Equal(0, await program.WaitForExitAsync());
        }

        await using var server = await AzuriteServer.StartAsync(new AzuriteOptions { DataFolder = _folder.Of("data") }, null, CancellationToken.None);
        Assert.Equal(10, await Rows.CountAsync(server.ConnectionString));
    }

    /// <summary>Issue 9.3: local.settings.json is written if asked, and a second run finds its data.</summary>
    [Fact]
    public async Task SecondRun_FindsItsEvents_AndSettingsFile_InWhichOnlyItsOwnValuesChange()
    {
        var file = _folder.Of("local.settings.json");
        string before;
        await using (var first = await HubProcess.StartAsync(_folder.Of("data"), more: ["--write-settings", file]))
        {
            Assert.Equal(first.ConnectionString, Value(file, "Proofgate__EventHubs__Connection"));
            Assert.Equal("dotnet-isolated", Value(file, "FUNCTIONS_WORKER_RUNTIME"));
            before = first.ConnectionString;
            await using var client = await Hub.Client.ConnectAsync(first.Port);
            Assert.Null(await client.SendAsync([1]));
            Assert.Equal(0, await first.InterruptAsync());
        }

        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace("dotnet-isolated", "mine", StringComparison.Ordinal));
        await using var second = await HubProcess.StartAsync(_folder.Of("data"), more: ["--write-settings", file]);
        Assert.Equal("mine", Value(file, "FUNCTIONS_WORKER_RUNTIME"));
        Assert.Equal(second.ConnectionString, Value(file, "Proofgate__EventHubs__Connection"));
        Assert.NotEqual(before, second.ConnectionString);
        await using var reader = await Hub.Client.ConnectAsync(second.Port);
        var link = reader.Receiver("x-opt-offset > -1");
        link.SetCredit(5, autoRestore: false);
        Assert.Equal([0], await Hub.Client.ReceiveAsync(link, 1));
    }

    private static string Value(string file, string name)
    {
        using var settings = JsonDocument.Parse(File.ReadAllText(file));
        return settings.RootElement.GetProperty("Values").GetProperty(name).GetString()!;
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
    [InlineData("--hub", "Audit")]
    [InlineData("--hub", "../elsewhere")]
    [InlineData("--consumer-group", "-x")]
    [InlineData("--partitions", "33")]
    [InlineData("--hub-disk-mb", "0")]
    public async Task Program_RefusesAnOption_ThatMakesNoSense(string name, string value)
    {
        await using var program = ManagedProcess.StartAssembly(typeof(AzuriteServer).Assembly.Location, ["--data", _folder.Of("data"), name, value]);
        Assert.Equal(1, await program.WaitForExitAsync());
        Assert.Contains(program.Errors, line => line.StartsWith($"{name} must be", StringComparison.Ordinal));
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
