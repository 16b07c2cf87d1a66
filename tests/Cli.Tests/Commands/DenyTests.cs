using System.Text.Json;
using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

[Trait("Rule", "K6")]
public sealed class DenyTests
{
    private const string Entry =
        """{"id":"subject-0ZcO","kind":"subject","value":"mallory","until":"2026-06-08T12:00:00Z","reason":"left","by":"AAAAAAAA","created":"2026-06-01T12:00:00Z"}""";

    [Theory]
    [InlineData("", """{"kind":"subject","value":"mallory"}""")]
    [InlineData("--for 7d --reason left", """{"kind":"subject","value":"mallory","until":"2026-06-08T12:00:00+00:00","reason":"left"}""")]
    [InlineData("--until 2027-01-31", """{"kind":"subject","value":"mallory","until":"2027-01-31T00:00:00+00:00"}""")]
    [InlineData("--until 2027-01-31T10:00Z --force", """{"kind":"subject","value":"mallory","until":"2027-01-31T10:00:00+00:00","force":true}""")]
    public async Task Add_SendsWhatWasSaid(string options, string body)
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Entry);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync(["deny", "add", "subject", "mallory", "--gateway", gateway.Address, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.Equal(0, run.Exit);
        Assert.Equal(("POST", "/manage/deny"), (gateway.Request.Method, gateway.Request.Path));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(body), JsonElement.Parse(gateway.Request.Body)), gateway.Request.Body);
        Assert.Equal("Denied: subject mallory, until 2026-06-08 12:00 UTC. `proofgate deny lift subject-0ZcO` lifts it.", run.Out.Trim());
    }

    [Fact]
    public async Task Add_PrintsTheEntry_WithJson()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Entry);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("deny", "add", "issuer-key", "https://issuer.example/ key one", "--gateway", gateway.Address, "--json");

        Assert.Equal("subject-0ZcO", run.Json.GetProperty("id").GetString());
        Assert.Equal("https://issuer.example/ key one", JsonElement.Parse(gateway.Request.Body).GetProperty("value").GetString());
    }

    [Theory]
    [InlineData("deny add robot x")]
    [InlineData("deny add subject")]
    [InlineData("deny add subject x --for week")]
    [InlineData("deny add subject x --for 7d --until 2027-01-01")]
    [InlineData("deny add subject x --until soon")]
    [InlineData("deny lift")]
    [InlineData("deny")]
    public async Task CommandLine_EndsWith2_WhenItIsWrong(string line)
    {
        using var workplace = new Workplace();

        var run = await workplace.RunAsync(line.Split(' '));

        Assert.Equal(2, run.Exit);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Add_TakesNoKey_AndDoesNotRepeatIt()
    {
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("deny", "add", "client", Samples.NewKey, "--json");

        Assert.Equal((2, "key_on_command_line"), (run.Exit, run.Json.GetProperty("error").GetProperty("code").GetString()));
        Assert.DoesNotContain(Samples.NewKey, run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ShowsEachEntryOnOneLine_AndHandsThemOnWithJson()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, $$"""{"entries":[{{Entry}},{{Entry.Replace("mallory", @"\u001b[2Jx", StringComparison.Ordinal)}}]}""");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("deny", "list", "--gateway", gateway.Address);

        Assert.Equal((0, "/manage/deny"), (run.Exit, gateway.Request.Path));
        Assert.Matches(@"subject-0ZcO\s+subject\s+mallory\s+2026-06-08 12:00\s+AAAAAAAA\s+left", run.Out);
        Assert.DoesNotContain('\u001b', run.Out);

        using var other = new Workplace();
        Assert.Equal(2, (await other.RunAsync("deny", "list", "--gateway", gateway.Address, "--json")).Json.GetProperty("entries").GetArrayLength());
    }

    [Fact]
    public async Task Lift_DeletesTheOneEntry()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, Entry);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("deny", "lift", "subject-0ZcO", "--gateway", gateway.Address);

        Assert.Equal((0, "Lifted: subject mallory."), (run.Exit, run.Out.Trim()));
        Assert.Equal(("DELETE", "/manage/deny/subject-0ZcO"), (gateway.Request.Method, gateway.Request.Path));
    }

    [Fact]
    public async Task Lift_CannotLeaveItsPath_WhateverTheIdIs()
    {
        await using var gateway = await FakeGateway.RefusingAsync(404, "deny_entry_not_found", "There is no such entry.");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("deny", "lift", "../keys/BBBBBBBB", "--gateway", gateway.Address);

        Assert.Equal(5, run.Exit);
        Assert.StartsWith("/manage/deny/", gateway.Request.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_SaysWhatToDo_WhenTheEntryWouldLockTheAskerOut()
    {
        await using var gateway = await FakeGateway.RefusingAsync(409, "denies_yourself", "This entry would refuse the credential that you are using.");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("deny", "add", "subject", "me", "--gateway", gateway.Address, "--json");

        Assert.Equal((5, "denies_yourself"), (run.Exit, run.Json.GetProperty("error").GetProperty("code").GetString()));
    }
}
