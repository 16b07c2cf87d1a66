using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Gateway;

public sealed class CredentialTests
{
    private const string NoKeys = """{"keys":[]}""";
    private const string OtherKey = "pgk_test_CCCCCCCC_another";

    [Fact]
    public async Task Key_IsTheVariables_WhenNoFileIsNamed()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, NoKeys);
        using var workplace = new Workplace();

        await workplace.RunAsync("keys", "list", "--gateway", gateway.Address);

        Assert.Equal($"Bearer {Workplace.Key}", gateway.Request.Authorization);
    }

    [Fact]
    public async Task Key_IsTheNamedFiles_BeforeTheVariable()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, NoKeys);
        using var workplace = new Workplace();
        workplace.Write("mine", OtherKey + "\r\n");

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address, "--key-file", "mine");

        Assert.Equal($"Bearer {OtherKey}", gateway.Request.Authorization);
        Assert.Empty(run.Error);
    }

    [Theory]
    [InlineData("keys list", "admin-key")]
    [InlineData("chat hello", "sample-key")]
    public async Task Key_IsTheLocalRuns_WhenNoneIsGiven(string line, string file)
    {
        await using var gateway = await FakeGateway.RefusingAsync(403, "policy_denied", "No.");
        using var workplace = new Workplace();
        workplace.Variables.Clear();
        workplace.WriteState(gateway.Address);
        workplace.Write($".proofgate/{file}", OtherKey);

        await workplace.RunAsync(line.Split(' '));

        Assert.Equal($"Bearer {OtherKey}", gateway.Request.Authorization);
    }

    [Fact]
    public async Task Key_OfTheLocalRunIsNotSent_ToAnotherGateway()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, NoKeys);
        using var workplace = new Workplace();
        workplace.Variables.Clear();
        workplace.WriteState("http://127.0.0.1:1");
        workplace.Write(".proofgate/admin-key", OtherKey);

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address);

        Assert.Equal(2, run.Exit);
        Assert.Empty(gateway.Requests);
    }

    [Fact]
    public async Task Key_IsUsedWithARemark_WhenOthersCanReadItsFile()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, NoKeys);
        using var workplace = new Workplace();
        var path = workplace.Write("mine", OtherKey, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address, "--key-file", "mine");

        Assert.Equal(0, run.Exit);
        Assert.Contains($"chmod 600", run.Error, StringComparison.Ordinal);
        Assert.Contains(path, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("line\r\nHost: attacker.example")]
    public async Task Key_IsRefusedUnsent_WhenItCouldNotBeOne(string text)
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, NoKeys);
        using var workplace = new Workplace();
        workplace.Write("mine", text);

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address, "--key-file", "mine");

        Assert.Equal(2, run.Exit);
        Assert.Empty(gateway.Requests);
    }

    [Fact]
    public async Task Key_IsRefusedUnsent_WhenItIsEndless()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, NoKeys);
        using var workplace = new Workplace();
        workplace.Write("mine", new string('a', Secret.MaxLength + 1));

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address, "--key-file", "mine");

        Assert.Equal(2, run.Exit);
        Assert.Empty(gateway.Requests);
    }

    [Fact]
    public async Task Key_CannotBeRead_WhenTheFileIsMissing()
    {
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "list", "--gateway", "http://127.0.0.1:1", "--key-file", "nothing");

        Assert.Equal(3, run.Exit);
        Assert.Contains("nothing cannot be read", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Secret_DoesNotPrintItself()
    {
        var secret = Secret.Parse(Workplace.Key)!;

        Assert.DoesNotContain(Workplace.Key, $"{secret} {new Cli.Gateway.Credential(secret, "here")}", StringComparison.Ordinal);
    }
}
