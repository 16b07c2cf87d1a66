using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("nonsense")]
    [InlineData("keys")]
    [InlineData("keys nonsense")]
    [InlineData("keys create --name n")]
    [InlineData("keys create --name n --owner o --expires-in-days 0")]
    [InlineData("keys create --name n --owner o --expires-in-days 5 --never-expires")]
    [InlineData("keys create --name n --owner o --network 10.0.0.0/33")]
    [InlineData("keys create --name n --owner o --owner-kind robot")]
    [InlineData("keys create --name n --owner o --clearance -1")]
    [InlineData("keys revoke")]
    [InlineData("keys revoke ../../x")]
    [InlineData("init")]
    [InlineData("init --owner o --show --out f")]
    [InlineData("chat a b")]
    [InlineData("chat --purpose \u00e9 a")]
    public async Task CommandLine_EndsWith2AndOneSentence_WhenItIsWrong(string line)
    {
        using var workplace = new Workplace();

        var run = await workplace.RunAsync(line.Split(' '));

        Assert.Equal(2, run.Exit);
        Assert.Empty(run.Out);
        Assert.StartsWith("proofgate: ", run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.DoesNotContain('\uFFFD', run.Error);
        Assert.Contains("--help`", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("keys ")]
    [InlineData("keys nonsense ")]
    [InlineData("init ")]
    public async Task CommandLine_PrintsAnErrorObject_WithJson(string line)
    {
        using var workplace = new Workplace();

        var run = await workplace.RunAsync([.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--json"]);

        Assert.Equal(2, run.Exit);
        var error = run.Json.GetProperty("error");
        Assert.Equal(2, error.GetProperty("exitCode").GetInt32());
        Assert.Equal("usage", error.GetProperty("code").GetString());
        Assert.Contains(error.GetProperty("message").GetString()!, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--key")]
    [InlineData("revoke")]
    public async Task CommandLine_DoesNotRepeatAKey_WhenOneIsGivenOnIt(string word)
    {
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", word, Workplace.Key, "--json");

        Assert.Equal(2, run.Exit);
        Assert.DoesNotContain(Workplace.Key, run.Out + run.Error, StringComparison.Ordinal);
        Assert.Equal("key_on_command_line", run.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task CommandLine_SaysThatItIsABugAndNothingElse_WhenItFailsItself()
    {
        using var workplace = new Workplace { In = new BrokenReader() };
        workplace.Variables["PROOFGATE_GATEWAY"] = "http://127.0.0.1:1";

        var run = await workplace.RunAsync("chat", "--json");

        Assert.Equal(1, run.Exit);
        Assert.DoesNotContain("secret detail", run.Out + run.Error, StringComparison.Ordinal);
        Assert.Contains("InvalidTimeZoneException", run.Error, StringComparison.Ordinal);
    }

    private sealed class BrokenReader : TextReader
    {
        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default) =>
            throw new InvalidTimeZoneException("secret detail");
    }
}
