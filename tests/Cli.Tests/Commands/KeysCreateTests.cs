using System.Text.Json;
using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

public sealed class KeysCreateTests
{
    [Fact]
    public async Task Create_SendsEveryOption_AsTheContractNamesIt()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Samples.Created);
        using var workplace = new Workplace();

        await workplace.RunAsync(
            "keys", "create", "--gateway", gateway.Address, "--name", "billing bot", "--owner", "billing", "--owner-kind", "user", "--purpose", "invoices",
            "--tenant", "acme", "--environment", "test", "--role", "developer", "--role", "board", "--clearance", "2", "--action", "infer", "--model", "assistant",
            "--dataset", "sales", "--max-label", "confidential", "--network", "10.0.0.0/8", "--network", "2001:db8::/32", "--requests-per-minute", "60",
            "--tokens-per-day", "5000000000", "--expires-in-days", "90");

        Assert.Equal(("POST", "/manage/keys", $"Bearer {Workplace.Key}"), (gateway.Request.Method, gateway.Request.Path, gateway.Request.Authorization));
        Assert.Equal("application/json", gateway.Request.Headers["Content-Type"]);
        const string expected =
            """
            {"name":"billing bot","owner":"billing","ownerKind":"user","purpose":"invoices","tenant":"acme","environment":"test","roles":["developer","board"],
            "clearance":2,"actions":["infer"],"models":["assistant"],"datasets":["sales"],"maxLabel":"confidential","networks":["10.0.0.0/8","2001:db8::/32"],
            "requestsPerMinute":60,"tokensPerDay":5000000000,"expiresInDays":90}
            """;
        AssertJson(expected, gateway.Request.Body);
    }

    [Fact]
    public async Task Create_LeavesDefaultsToTheGateway_WhenNothingElseIsSaid()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Samples.Created);
        using var workplace = new Workplace();

        await workplace.RunAsync("keys", "create", "--gateway", gateway.Address, "--name", "n", "--owner", "o", "--never-expires");

        AssertJson("""{"name":"n","owner":"o","ownerKind":"client","neverExpires":true}""", gateway.Request.Body);
    }

    [Fact]
    public async Task Create_PrintsTheKeyAloneOnStdout_WithoutAFile()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Samples.Created);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "create", "--gateway", gateway.Address, "--name", "n", "--owner", "o");

        Assert.Equal(0, run.Exit);
        Assert.Equal(Samples.NewKey, run.Out.Trim());
        Assert.Contains("BBBBBBBB, good until 2026-12-01", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Samples.NewKey, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WritesTheKeyForItsOwnerAlone_WithAFile()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Samples.Created);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "create", "--gateway", gateway.Address, "--name", "n", "--owner", "o", "--out", "k", "--json");

        var path = Path.Combine(workplace.Folder, "k");
        Assert.Equal(Samples.NewKey + "\n", await File.ReadAllTextAsync(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.DoesNotContain(Samples.NewKey, run.Out + run.Error, StringComparison.Ordinal);
        Assert.Equal("billing bot", run.Json.GetProperty("record").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Create_PutsTheKeyIntoTheDocument_WithJsonAndWithoutAFile()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Samples.Created);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "create", "--gateway", gateway.Address, "--name", "n", "--owner", "o", "--json");

        Assert.Equal(Samples.NewKey, run.Json.GetProperty("key").GetString());
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Create_LeavesNoFile_WhenItIsRefused()
    {
        await using var gateway = await FakeGateway.RefusingAsync(403, "policy_denied", "Only administrators.");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "create", "--gateway", gateway.Address, "--name", "n", "--owner", "o", "--out", "k");

        Assert.Equal(4, run.Exit);
        Assert.False(File.Exists(Path.Combine(workplace.Folder, "k")));
    }

    private static void AssertJson(string expected, string actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), JsonElement.Parse(actual)), actual);
}
