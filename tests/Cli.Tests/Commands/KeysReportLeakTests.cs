using System.Text.Json;
using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

[Trait("Rule", "K7")]
public sealed class KeysReportLeakTests
{
    private const string Receipt = """{"status":"received","detail":"Thank you."}""";

    [Fact]
    public async Task Report_SendsTheKeyFromStandardInput_AndNoCredential()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(202, Receipt);
        using var workplace = new Workplace { In = new StringReader(Samples.NewKey + "\nmore") };

        var run = await workplace.RunAsync("keys", "report-leak", "--gateway", gateway.Address);

        Assert.Equal(0, run.Exit);
        Assert.Equal(("POST", "/keys/leaked", ""), (gateway.Request.Method, gateway.Request.Path, gateway.Request.Authorization));
        Assert.Equal(Samples.NewKey, JsonElement.Parse(gateway.Request.Body).GetProperty("key").GetString());
        Assert.DoesNotContain(Samples.NewKey, run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_PrintsTheReceipt_WithJson()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(202, Receipt);
        using var workplace = new Workplace { In = new StringReader(Samples.NewKey) };

        var run = await workplace.RunAsync("keys", "report-leak", "--gateway", gateway.Address, "--json");

        Assert.Equal("received", run.Json.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    public async Task Report_AsksForAKey_WhenThereIsNone(string input)
    {
        await using var gateway = await FakeGateway.AnsweringAsync(202, Receipt);
        using var workplace = new Workplace { In = new StringReader(input) };

        var run = await workplace.RunAsync("keys", "report-leak", "--gateway", gateway.Address, "--json");

        Assert.Equal((2, "key_malformed"), (run.Exit, run.Json.GetProperty("error").GetProperty("code").GetString()));
        Assert.Empty(gateway.Requests);
    }

    [Fact]
    public async Task Report_TakesNoKeyFromTheCommandLine()
    {
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "report-leak", Samples.NewKey);

        Assert.Equal(2, run.Exit);
        Assert.DoesNotContain(Samples.NewKey, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_Fails_WhenTheGatewayCannotTakeIt()
    {
        await using var gateway = await FakeGateway.RefusingAsync(503, "temporarily_unavailable", "Send it again shortly.", ("Retry-After", "2"));
        using var workplace = new Workplace { In = new StringReader(Samples.NewKey) };

        var run = await workplace.RunAsync("keys", "report-leak", "--gateway", gateway.Address);

        Assert.Equal(5, run.Exit);
        Assert.Contains("in 2 s", run.Error, StringComparison.Ordinal);
    }
}
