using Proofgate.Cli.Gateway;
using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Gateway;

public sealed class FailureTests
{
    [Theory]
    [InlineData(400, 5)]
    [InlineData(401, 4)]
    [InlineData(403, 4)]
    [InlineData(404, 5)]
    [InlineData(409, 5)]
    [InlineData(429, 5)]
    [InlineData(500, 5)]
    [InlineData(503, 5)]
    public async Task Refusal_IsExplainedWithCodeAndAuditId_ForEachStatus(int status, int exit)
    {
        await using var gateway = await FakeGateway.RefusingAsync(status, "the_code", "The gateway's own words.");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address, "--json");

        Assert.Equal(exit, run.Exit);
        Assert.Contains("The gateway's own words", run.Error, StringComparison.Ordinal);
        Assert.Contains(FakeGateway.AuditId, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
        var error = run.Json.GetProperty("error");
        Assert.Equal("the_code", error.GetProperty("code").GetString());
        Assert.Equal(status, error.GetProperty("status").GetInt32());
        Assert.Equal(exit, error.GetProperty("exitCode").GetInt32());
        Assert.Equal(FakeGateway.AuditId, error.GetProperty("auditId").GetString());
    }

    [Fact]
    public async Task Refusal_NamesWhereTheKeyCameFrom_WhenItIsNotAccepted()
    {
        await using var gateway = await FakeGateway.RefusingAsync(401, "invalid_api_key", "The key is not known.");
        using var workplace = new Workplace();
        var path = workplace.Write("mine", "pgk_test_x");

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address, "--key-file", "mine");

        Assert.Contains(path, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_SaysWhenToTryAgain_WhenTheGatewayDoes()
    {
        await using var gateway = await FakeGateway.RefusingAsync(429, "rate_limited", "Slow down.", ("Retry-After", "17"));
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address);

        Assert.Contains("in 17 s", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(500)]
    public async Task Refusal_DoesNotShowTheKey_WhenTheAnswerRepeatsIt(int status)
    {
        await using var gateway = await FakeGateway.RefusingAsync(status, Workplace.Key, $"No such key: {Workplace.Key}.");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address, "--json");

        Assert.DoesNotContain(Workplace.Key, run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_CannotMoveTheCursor_WhateverItSays()
    {
        await using var gateway = await FakeGateway.RefusingAsync(403, "no", @"red\u001b[31m and\nnew line");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address);

        Assert.DoesNotContain('\u001b', run.Error);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Redirect_IsNotFollowed_BecauseTheKeyWouldGoAlong()
    {
        await using var other = await FakeGateway.AnsweringAsync(200, """{"keys":[]}""");
        await using var gateway = await FakeGateway.AnsweringAsync(307, "", "text/plain", ("Location", other.Address + "/manage/keys"));
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address);

        Assert.Equal(5, run.Exit);
        Assert.Empty(other.Requests);
        Assert.Contains("redirect", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<html>Welcome to nginx</html>")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"keys":null}""")]
    [InlineData("""{"keys":[{"kid":"AAAAAAAA"}]}""")]
    public async Task Answer_IsNotUnderstood_WhenItIsNotTheContracts(string body)
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, body);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address);

        Assert.Equal(5, run.Exit);
        Assert.Contains("not Proofgate's", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Theory]
    [InlineData(502, "text/html", "<html>Bad gateway</html>")]
    [InlineData(404, "text/html", "<html>Not found</html>")]
    [InlineData(500, "application/json", "{")]
    public async Task Error_IsStillOneSentence_WhenItsBodyIsNot(int status, string type, string body)
    {
        await using var gateway = await FakeGateway.AnsweringAsync(status, body, type);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "list", "--gateway", gateway.Address, "--json");

        Assert.Equal(5, run.Exit);
        Assert.Equal($"http_{status}", run.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.DoesNotContain("<html>", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gateway_IsGivenUp_WhenItNeverAnswers()
    {
        var asked = new TaskCompletionSource();
        await using var gateway = await FakeGateway.StartAsync(async http =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var workplace = new Workplace();

        var running = workplace.RunAsync("keys", "list", "--gateway", gateway.Address);
        await asked.Task;
        workplace.Time.Advance(GatewayClient.ManageTimeout);
        var run = await running;

        Assert.Equal(3, run.Exit);
        Assert.Contains("sent nothing for 60 s", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_EndsWith130_WhenItIsInterrupted()
    {
        var asked = new TaskCompletionSource();
        await using var gateway = await FakeGateway.StartAsync(async http =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var workplace = new Workplace();
        using var interrupt = new CancellationTokenSource();

        var running = workplace.RunAsync(interrupt.Token, "keys", "list", "--gateway", gateway.Address);
        await asked.Task;
        await interrupt.CancelAsync();
        var run = await running;

        Assert.Equal(130, run.Exit);
        Assert.Equal("proofgate: stopped.", run.Error.Trim());
    }
}
