using System.Text.Json;
using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

public sealed class InitTests
{
    private const string Token = "one-time-bootstrap-token-of-the-deployment";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task Init_WritesTheKeyForItsOwnerAlone_WhenTheGatewayIsNew()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Samples.Initialized);
        using var workplace = NewWorkplace();

        var run = await workplace.RunAsync("init", "--gateway", gateway.Address, "--owner", "alice", "--tenant", "acme");

        Assert.Equal(0, run.Exit);
        var path = Path.Combine(workplace.HomeFolder, "admin-key");
        Assert.Equal(Samples.NewKey + "\n", await File.ReadAllTextAsync(path));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(path));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(workplace.HomeFolder));
        Assert.Contains(path, run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(Samples.NewKey, run.Out + run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Init_SendsTokenAndBody_AsTheContractHasThem()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Samples.Initialized);
        using var workplace = NewWorkplace();
        workplace.Variables.Remove("PROOFGATE_BOOTSTRAP_TOKEN");
        workplace.Write("token", Token);

        await workplace.RunAsync("init", "--gateway", gateway.Address, "--owner", "alice", "--name", "root", "--tenant", "acme", "--token-file", "token");

        var request = gateway.Request;
        Assert.Equal(("POST", "/manage/init", $"Bearer {Token}"), (request.Method, request.Path, request.Authorization));
        var body = JsonElement.Parse(request.Body);
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse("""{"name":"root","owner":"alice","tenant":"acme"}"""), body));
    }

    [Fact]
    public async Task Init_LeavesNoFile_WhenItWasDoneBefore()
    {
        await using var gateway = await FakeGateway.RefusingAsync(409, "already_initialized", "There is a first administrator already.");
        using var workplace = NewWorkplace();

        var run = await workplace.RunAsync("init", "--gateway", gateway.Address, "--owner", "alice");

        Assert.Equal(5, run.Exit);
        Assert.False(File.Exists(Path.Combine(workplace.HomeFolder, "admin-key")));
    }

    [Fact]
    public async Task Init_DoesNotSpendTheToken_WhenTheFileExists()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Samples.Initialized);
        using var workplace = NewWorkplace();
        var path = workplace.Write("mine", "older");

        var run = await workplace.RunAsync("init", "--gateway", gateway.Address, "--owner", "alice", "--out", "mine");

        Assert.Equal(2, run.Exit);
        Assert.Empty(gateway.Requests);
        Assert.Equal("older", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task Init_DoesNotSpendTheToken_WhenTheFileCannotBeMade()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Samples.Initialized);
        using var workplace = NewWorkplace();
        workplace.Write("file", "not a folder");

        var run = await workplace.RunAsync("init", "--gateway", gateway.Address, "--owner", "alice", "--out", "file/key");

        Assert.Equal(3, run.Exit);
        Assert.Empty(gateway.Requests);
    }

    [Fact]
    public async Task Init_AsksWhereToWrite_WhenTheFolderIsAnotherGateways()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Samples.Initialized);
        using var workplace = NewWorkplace();
        workplace.WriteState("http://127.0.0.1:1");

        var run = await workplace.RunAsync("init", "--gateway", gateway.Address, "--owner", "alice");

        Assert.Equal(2, run.Exit);
        Assert.Contains("--out", run.Error, StringComparison.Ordinal);
        Assert.Empty(gateway.Requests);
    }

    [Fact]
    public async Task Init_PrintsTheKeyAloneOnStdout_WhenItIsToShowIt()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Samples.Initialized);
        using var workplace = NewWorkplace();

        var run = await workplace.RunAsync("init", "--gateway", gateway.Address, "--owner", "alice", "--show");

        Assert.Equal(Samples.NewKey, run.Out.Trim());
        Assert.False(Directory.Exists(workplace.HomeFolder));
    }

    [Fact]
    public async Task Init_PrintsTheFilesName_WithJson()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Samples.Initialized);
        using var workplace = NewWorkplace();

        var run = await workplace.RunAsync("init", "--gateway", gateway.Address, "--owner", "alice", "--out", "k", "--json");

        Assert.Equal(Path.Combine(workplace.Folder, "k"), run.Json.GetProperty("keyFile").GetString());
        Assert.Equal("BBBBBBBB", run.Json.GetProperty("kid").GetString());
        Assert.False(run.Json.TryGetProperty("key", out _));
    }

    [Fact]
    public async Task Init_SaysWhichTokenToCheck_WhenItIsNotTheDeployments()
    {
        await using var gateway = await FakeGateway.RefusingAsync(401, "invalid_bootstrap_token", "Send the token.");
        using var workplace = NewWorkplace();

        var run = await workplace.RunAsync("init", "--gateway", gateway.Address, "--owner", "alice");

        Assert.Equal(4, run.Exit);
        Assert.Contains("PROOFGATE_BOOTSTRAP_TOKEN", run.Error, StringComparison.Ordinal);
    }

    private static Workplace NewWorkplace()
    {
        var workplace = new Workplace();
        workplace.Variables["PROOFGATE_BOOTSTRAP_TOKEN"] = Token;
        return workplace;
    }
}
