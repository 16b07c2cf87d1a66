using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Proofgate.Cli.Tests.Support;
using Proofgate.Support;

namespace Proofgate.Cli.Tests.Commands;

public sealed class WatchTests
{
    private const string Decision =
        """event: decision""" + "\n" +
        """data: {"id":"0197","time":"2026-06-01T12:00:00.5Z","allowed":true,"route":"/v1/chat/completions","method":"POST","stream":false,"bound":false,"key":"AAAAAAAA","action":"infer","resource":"Proofgate::Model::\"assistant\"","policies":["p"],"label":"internal","kinds":{"EMAIL_ADDRESS":2},"policyDigest":"d"}""" + "\n\n";

    private const string Refusal =
        "event: decision\ndata: {\"id\":\"0198\",\"time\":\"2026-06-01T12:00:01Z\",\"allowed\":false,\"route\":\"/v1/models\",\"method\":\"GET\",\"status\":429,\"reason\":\"rate_limit\\u001b[2J\"}\n\n";

    private const string End = "event: end\ndata: {\"reason\":\"elapsed\"}\n\n";

    [Fact]
    public async Task Events_AreALineEach_AndNothingOfThemReachesTheTerminal()
    {
        await using var gateway = await StreamingAsync(": keep-alive\n\n", Decision, "event: dropped\ndata: {\"count\":7}\n\n", Refusal, End);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("watch", "--for", "1m", "--gateway", gateway.Address);

        Assert.Equal(0, run.Exit);
        Assert.Equal("/manage/decisions", gateway.Request.Path);
        var lines = run.Out.TrimEnd().Split('\n');
        Assert.Equal(
            """12:00:00.500  allow  infer Proofgate::Model::"assistant"  key AAAAAAAA  label internal  kinds EMAIL_ADDRESS*2  by p  audit 0197""", lines[0].TrimEnd());
        Assert.StartsWith("12:00:01.000  deny   GET /v1/models  refused 429 rate_limit", lines[1], StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
        Assert.Contains("7 decisions", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_AreADocumentALine_WithJson()
    {
        await using var gateway = await StreamingAsync(Decision, "event: dropped\ndata: {\"count\":7}\n\n", End);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("watch", "--for", "1m", "--json", "--gateway", gateway.Address);

        var lines = run.Out.TrimEnd().Split('\n').Select(static l => JsonElement.Parse(l)).ToList();
        Assert.Equal(["decision", "dropped"], lines.Select(static l => l.GetProperty("event").GetString()));
        Assert.Equal(("0197", 7), (lines[0].GetProperty("id").GetString(), lines[1].GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task CtrlC_EndsWith130()
    {
        await using var gateway = await FakeGateway.StartAsync(static async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(Decision);
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var workplace = new Workplace();
        using var interrupted = new CancellationTokenSource();
        var running = workplace.RunAsync(interrupted.Token, "watch", "--gateway", gateway.Address);
        await workplace.Out.Seen("audit 0197");
        await interrupted.CancelAsync();
        Assert.Equal(130, (await running).Exit);
    }

    [Fact]
    public async Task BrokenConnection_IsMadeAgain()
    {
        var asked = 0;
        var shown = new TaskCompletionSource();
        await using var gateway = await FakeGateway.StartAsync(async http =>
        {
            switch (Interlocked.Increment(ref asked))
            {
                case 1:
                    http.Response.ContentType = "text/event-stream";
                    await http.Response.WriteAsync(Decision);
                    await http.Response.Body.FlushAsync();
                    await shown.Task;
                    http.Abort();
                    break;
                case 2:
                    http.Response.StatusCode = 503;
                    break;
                default:
                    http.Response.ContentType = "text/event-stream";
                    await http.Response.WriteAsync(Refusal + End);
                    break;
            }
        });
        var time = new SteppedTime();
        using var workplace = new Workplace { Time = time };
        var running = workplace.RunAsync("watch", "--gateway", gateway.Address);
        await workplace.Out.Seen("audit 0197");
        shown.SetResult();
        await workplace.Error.Seen("Trying again in 1 s.");
        while (!running.IsCompleted)
        {
            // The pause may not have begun yet, and a request in between takes time of the real clock.
            await Task.Delay(20);
            workplace.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        var run = await running;
        Assert.Equal((0, 3), (run.Exit, asked));
        Assert.Contains("Watching again", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.Out.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task Refusal_EndsIt_AndSoDoesAGatewayThatNeverAnswered()
    {
        await using var gateway = await FakeGateway.RefusingAsync(403, "policy_denied", "No policy permits this.");
        using var workplace = new Workplace();
        Assert.Equal(4, (await workplace.RunAsync("watch", "--gateway", gateway.Address)).Exit);
        Assert.Equal(3, (await workplace.RunAsync("watch", "--gateway", "http://127.0.0.1:1")).Exit);
        Assert.Equal(2, (await workplace.RunAsync("watch", "--for", "soon")).Exit);
    }

    private static Task<FakeGateway> StreamingAsync(params string[] events) =>
        FakeGateway.AnsweringAsync(200, string.Concat(events), "text/event-stream");
}
