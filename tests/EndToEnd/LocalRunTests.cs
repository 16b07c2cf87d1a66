using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Proofgate.Support;

namespace Proofgate.EndToEnd;

/// <summary>The one-command run as a person meets it.</summary>
public sealed class LocalRunTests
{
    [Fact]
    public async Task SecondRun_KeepsKeysAndLedger_AndCtrlCEndsEverything()
    {
        using var folder = new TemporaryFolder();
        string key;
        await using (var first = await Gateway.StartAsync(folder: folder.Path))
        {
            key = first.SampleKey;
            using var answer = await Http.Client.SendAsync(Http.Chat(first, Http.Ask("x")));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            var children = Children(first.ProcessId);
            Assert.NotEmpty(children);

            Assert.Equal(0, await first.InterruptAsync());
            Assert.All(children, static id => Assert.False(Directory.Exists($"/proc/{id}")));
            Assert.False(File.Exists(Path.Combine(first.State, "state.json")));
        }

        await using var second = await Gateway.StartAsync(folder: folder.Path);
        Assert.Equal(key, second.SampleKey);
        using var again = await Http.Client.SendAsync(Http.Chat(second, Http.Ask("Why does 203.0.113.7 not answer?"), key));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        // The model has not seen the address, and says so; its caller may see it.
        var said = await again.Content.ReadAsStringAsync();
        Assert.Contains("Why does 203.0.113.7 not answer?", said, StringComparison.Ordinal);
        Assert.Contains("I was not shown everything in it: IP ADDRESS 1.", said, StringComparison.Ordinal);
        await Ledger.CaughtUpAsync(second);
        var verified = JsonNode.Parse((await second.ProofgateAsync("audit", "verify", "--json")).Output)!;
        await Ledger.HoldsOutcomeAsync(second, "completed", times: 2);
        Assert.NotNull(verified);
    }

    [Fact]
    public async Task Secrets_AreReadableByTheirOwnerOnly()
    {
        await using var gateway = await Gateway.StartAsync();
        foreach (var file in new[] { "admin-key", "sample-key", "secrets.json", "state.json" })
        {
            var path = Path.Combine(gateway.State, file);
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), path);
        }

        Assert.DoesNotContain(gateway.AdminKey, gateway.Printed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakenPort_UnknownSettingAndUsedFolder_AreSentencesThatSayWhatToDo()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var folder = new TemporaryFolder();
        Assert.Contains($"Port {port}", await FailureAsync(folder.Path, "--port", $"{port}"), StringComparison.Ordinal);
        Assert.Contains("Proofgate:Admision:RequestsPerMinute", await FailureAsync(
            folder.Path, "--port", "0", "--Proofgate:Admision:RequestsPerMinute", "5"), StringComparison.Ordinal);
        Assert.Contains("Proofgate:Admission:RequestsPerMinute", await FailureAsync(
            folder.Path, "--port", "0", "--Proofgate:Admission:RequestsPerMinute", "0"), StringComparison.Ordinal);

        await using var running = await Gateway.StartAsync(folder: folder.Path);
        Assert.Contains("in use", await FailureAsync(running.State, "--port", "0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LostStorage_EndsTheRun_WithASentenceThatSaysWhatToDo()
    {
        await using var gateway = await Gateway.StartAsync();
        using (var azurite = Process.GetProcessById(int.Parse(
            await File.ReadAllTextAsync(Path.Combine(gateway.State, "azurite", "azurite.pid")), System.Globalization.CultureInfo.InvariantCulture)))
        {
            azurite.Kill();
        }

        Assert.Equal(1, await gateway.EndedAsync());
        Assert.Contains("Proofgate ends: Azurite has ended by itself (exit code 137)", gateway.Complaints, StringComparison.Ordinal);
        Assert.Contains("Start this again", gateway.Complaints, StringComparison.Ordinal);
    }

    private static async Task<string> FailureAsync(string state, params string[] args)
    {
        await using var process = ManagedProcess.StartAssembly(typeof(SelfHost.SelfHostOptions).Assembly.Location, [.. args, "--state", state]);
        Assert.Equal(1, await process.WaitForExitAsync());
        return string.Join('\n', process.Errors);
    }

    private static List<int> Children(int parent) =>
    [
        .. Process.GetProcesses().Select(static p => p.Id).Where(id =>
        {
            var stat = $"/proc/{id}/stat";
            try
            {
                var text = File.ReadAllText(stat);
                return int.Parse(text[(text.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) == parent;
            }
            catch (IOException)
            {
                return false;
            }
        }),
    ];
}
