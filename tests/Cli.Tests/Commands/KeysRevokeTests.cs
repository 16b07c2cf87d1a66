using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

public sealed class KeysRevokeTests
{
    [Fact]
    [Trait("Rule", "K6")]
    public async Task Revoke_AsksForTheOneKey()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, Samples.Record.Replace("\"active\"", "\"revoked\"", StringComparison.Ordinal));
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "revoke", "BBBBBBBB", "--gateway", gateway.Address);

        Assert.Equal(0, run.Exit);
        Assert.Equal(("POST", "/manage/keys/BBBBBBBB/revoke"), (gateway.Request.Method, gateway.Request.Path));
        Assert.Equal("Key BBBBBBBB (billing bot, billing) is revoked.", run.Out.Trim());
    }

    [Fact]
    public async Task Revoke_PrintsTheRecord_WithJson()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, Samples.Record.Replace("\"active\"", "\"revoked\"", StringComparison.Ordinal));
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "revoke", "BBBBBBBB", "--gateway", gateway.Address, "--json");

        Assert.Equal("revoked", run.Json.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Revoke_Fails_WhenThereIsNoSuchKey()
    {
        await using var gateway = await FakeGateway.RefusingAsync(404, "key_not_found", "There is no such key.");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "revoke", "BBBBBBBB", "--gateway", gateway.Address);

        Assert.Equal(5, run.Exit);
        Assert.Contains("There is no such key", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }
}
