using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Gateway;

public sealed class AddressTests
{
    private const string NoKeys = """{"keys":[]}""";

    [Fact]
    public async Task Address_IsTheOption_BeforeTheVariableAndTheState()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, NoKeys);
        using var workplace = new Workplace();
        workplace.Variables["PROOFGATE_GATEWAY"] = "http://127.0.0.1:1";
        workplace.WriteState("http://127.0.0.1:2");

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address);

        Assert.Equal(0, run.Exit);
        Assert.Equal("/manage/keys", gateway.Request.Path);
    }

    [Fact]
    public async Task Address_IsTheVariable_BeforeTheState()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, NoKeys);
        using var workplace = new Workplace();
        workplace.Variables["PROOFGATE_GATEWAY"] = gateway.Address + "/prefix";
        workplace.WriteState("http://127.0.0.1:2");

        var run = await workplace.RunAsync("keys", "list");

        Assert.Equal(0, run.Exit);
        Assert.Equal("/prefix/manage/keys", gateway.Request.Path);
    }

    [Fact]
    public async Task Address_IsFoundInAFolderAbove_WhenNothingIsGiven()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, NoKeys);
        using var workplace = new Workplace();
        workplace.WriteState(gateway.Address);
        var deep = Directory.CreateDirectory(Path.Combine(workplace.Folder, "a", "b")).FullName;

        var exit = await CommandLine.RunAsync(["keys", "list"], workplace.Host(deep), CancellationToken.None);

        Assert.Equal(0, exit);
        Assert.Single(gateway.Requests);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1")]
    [InlineData("127.0.0.1:7071")]
    [InlineData("http://gateway.example")]
    [InlineData("https://user:password@gateway.example")]
    [InlineData("https://gateway.example/?key=1")]
    [InlineData("https://gateway.example/#x")]
    public async Task Address_IsRefused_WhenAKeyMustNotGoThere(string address)
    {
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "list", "--gateway", address);

        Assert.Equal(2, run.Exit);
        Assert.StartsWith("proofgate: --gateway ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("password", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_IsFoundAnywhere_WhenTheEnvironmentNamesItsFolder()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, NoKeys);
        using var workplace = new Workplace();
        var state = workplace.Write("elsewhere/state.json", $$"""{"version":1,"gateway":"{{gateway.Address}}"}""");
        workplace.Variables["PROOFGATE_STATE"] = Path.GetDirectoryName(state)!;
        Assert.Equal(0, (await workplace.RunAsync("keys", "list")).Exit);

        workplace.Variables["PROOFGATE_STATE"] = workplace.Folder;
        var run = await workplace.RunAsync("keys", "list");
        Assert.Equal(3, run.Exit);
        Assert.Contains("though PROOFGATE_STATE names its folder", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_IsRefused_WhenItNamesAnotherMachine()
    {
        using var workplace = new Workplace();
        workplace.WriteState("https://attacker.example");

        var run = await workplace.RunAsync("keys", "list");

        Assert.Equal(3, run.Exit);
        Assert.Contains("not on this machine", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"version":1}""")]
    [InlineData("""{"version":2,"gateway":"http://127.0.0.1:1"}""")]
    [InlineData("""{"version":1,"gateway":"nowhere"}""")]
    public async Task State_IsRefusedByName_WhenItCannotBeUsed(string text)
    {
        using var workplace = new Workplace();
        var path = workplace.Write(".proofgate/state.json", text);

        var run = await workplace.RunAsync("keys", "list", "--json");

        Assert.Equal(3, run.Exit);
        Assert.Contains(path, run.Error, StringComparison.Ordinal);
        Assert.Equal("state_unusable", run.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Gateway_IsSaidToBeDown_WhenTheStateIsStale()
    {
        string address;
        await using (var gateway = await FakeGateway.AnsweringAsync(200, NoKeys))
        {
            address = gateway.Address;
        }

        using var workplace = new Workplace();
        workplace.WriteState(address);

        var run = await workplace.RunAsync("keys", "list");

        Assert.Equal(3, run.Exit);
        Assert.Contains("is it running? Start it with `dotnet run --project functions/SelfHost`", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gateway_IsUnknown_WhenThereIsNoAddressAtAll()
    {
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("chat", "hello");

        Assert.Equal(2, run.Exit);
        Assert.Contains("--gateway", run.Error, StringComparison.Ordinal);
    }
}
