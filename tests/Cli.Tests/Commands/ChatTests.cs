using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Proofgate.Cli.Gateway.Chat;
using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

public sealed class ChatTests
{
    private const string Done = "data: [DONE]\n\n";
    private const string Usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2,\"total_tokens\":9}}\n\n";

    private const string Whole =
        """{"choices":[{"index":0,"message":{"role":"assistant","content":"Hello there"},"finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":2}}""";

    [Fact]
    public async Task Chat_SendsTheQuestion_AsAnOpenAiClientWould()
    {
        await using var gateway = await StreamingAsync(Piece("Hi") + Done);
        using var workplace = new Workplace();

        await workplace.RunAsync(
            "chat", "--gateway", gateway.Address, "--model", "board-assistant", "--system", "Be brief.", "--label", "internal", "--purpose", "a test", "Hello?");

        var request = gateway.Request;
        Assert.Equal(("POST", "/v1/chat/completions", $"Bearer {Workplace.Key}"), (request.Method, request.Path, request.Authorization));
        Assert.Equal("internal", request.Headers["Proofgate-Label"]);
        Assert.Equal("a test", request.Headers["Proofgate-Purpose"]);
        const string expected =
            """
            {"model":"board-assistant","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello?"}],
            "stream":true,"stream_options":{"include_usage":true}}
            """;
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), JsonElement.Parse(request.Body)), request.Body);
    }

    [Fact]
    public async Task Chat_PrintsEachPieceBeforeTheNextIsSent()
    {
        using var workplace = new Workplace();
        await using var gateway = await FakeGateway.StartAsync(async http =>
        {
            await BeginAsync(http);
            await http.Response.WriteAsync(": heartbeat\n\n" + Piece("one "));
            await http.Response.Body.FlushAsync();
            await workplace.Out.Seen("one ").WaitAsync(http.RequestAborted);
            await http.Response.WriteAsync(Piece("two") + Finish("stop") + Usage + Done);
        });

        var run = await workplace.RunAsync("chat", "--gateway", gateway.Address, "count");

        Assert.Equal(0, run.Exit);
        Assert.Equal("one two" + Environment.NewLine, run.Out);
        Assert.Equal($"audit id {FakeGateway.AuditId} · label internal · tokens 7 in, 2 out", run.Error.Trim());
    }

    [Fact]
    public async Task Chat_PrintsTheWholeAnswer_WithoutStreaming()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, Whole, "application/json", ("Proofgate-Label", "public"));
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("chat", "--gateway", gateway.Address, "--no-stream", "hello");

        Assert.Equal(0, run.Exit);
        Assert.Equal("Hello there", run.Out.Trim());
        Assert.Contains("tokens 7 in, 2 out", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("stream_options", gateway.Request.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Chat_PrintsOneDocument_WithJson(bool whole)
    {
        await using var gateway = whole
            ? await FakeGateway.AnsweringAsync(200, Whole, "application/json", ("Proofgate-Label", "internal"))
            : await StreamingAsync(Piece("Hello ") + Piece("there") + Finish("stop") + Usage + Done);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync(["chat", "--gateway", gateway.Address, "--json", "hello", .. whole ? ["--no-stream"] : Array.Empty<string>()]);

        const string expected =
            $$"""
            {"model":"assistant","text":"Hello there","finishReason":"stop","inputTokens":7,"outputTokens":2,"label":"internal","auditId":"{{FakeGateway.AuditId}}"}
            """;
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), run.Json), run.Out);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task Chat_ReadsTheQuestionFromStandardInput_WhenItIsNotGiven()
    {
        await using var gateway = await StreamingAsync(Piece("ok") + Done);
        using var workplace = new Workplace { In = new StringReader("line one\nline two\n") };

        var run = await workplace.RunAsync("chat", "--gateway", gateway.Address);

        Assert.Equal(0, run.Exit);
        Assert.Equal("line one\nline two\n", JsonElement.Parse(gateway.Request.Body).GetProperty("messages")[0].GetProperty("content").GetString());
    }

    [Fact]
    public async Task Chat_TakesATextThatBeginsWithAt_ForAText()
    {
        await using var gateway = await StreamingAsync(Piece("ok") + Done);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("chat", "--gateway", gateway.Address, "@/etc/hostname");

        Assert.Equal(0, run.Exit);
        Assert.Contains("@/etc/hostname", gateway.Request.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_IsAUsageError_WithoutAQuestion()
    {
        await using var gateway = await StreamingAsync(Done);
        using var workplace = new Workplace { In = new StringReader(" \n") };

        var run = await workplace.RunAsync("chat", "--gateway", gateway.Address);

        Assert.Equal(2, run.Exit);
        Assert.Empty(gateway.Requests);
    }

    [Theory]
    [InlineData(401, 4)]
    [InlineData(403, 4)]
    [InlineData(404, 5)]
    [InlineData(422, 5)]
    [InlineData(503, 5)]
    public async Task Chat_ExplainsARefusal_InOpenAisShape(int status, int exit)
    {
        await using var gateway = await FakeGateway.AnsweringAsync(
            status, """{"error":{"message":"The gateway's own words.","type":"t","param":null,"code":"the_code"}}""");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("chat", "--gateway", gateway.Address, "--json", "hello");

        Assert.Equal(exit, run.Exit);
        Assert.Contains("The gateway's own words", run.Error, StringComparison.Ordinal);
        Assert.Equal("the_code", run.Json.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(FakeGateway.AuditId, run.Json.GetProperty("error").GetProperty("auditId").GetString());
    }

    [Fact]
    public async Task Chat_EndsWith5AndTheReason_WhenAnErrorComesInMidStream()
    {
        await using var gateway = await StreamingAsync(
            Piece("half an ans") + "data: {\"error\":{\"message\":\"The model's provider went away.\",\"type\":\"server_error\",\"code\":\"upstream_failed\"}}\n\n");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("chat", "--gateway", gateway.Address, "hello");

        Assert.Equal(5, run.Exit);
        Assert.Equal("half an ans" + Environment.NewLine, run.Out);
        Assert.Contains("The model's provider went away", run.Error, StringComparison.Ordinal);
        Assert.Contains(FakeGateway.AuditId, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chat_EndsWith5_WhenTheStreamIsCut(bool abruptly)
    {
        using var workplace = new Workplace();
        await using var gateway = await FakeGateway.StartAsync(async http =>
        {
            await BeginAsync(http);
            await http.Response.WriteAsync(Piece("half") + Finish("stop"));
            await http.Response.Body.FlushAsync();
            await workplace.Out.Seen("half").WaitAsync(http.RequestAborted);
            if (abruptly)
            {
                http.Abort();
            }
        });

        var run = await workplace.RunAsync("chat", "--gateway", gateway.Address, "hello");

        Assert.Equal(5, run.Exit);
        Assert.Equal("half" + Environment.NewLine, run.Out);
        Assert.Contains("the connection ended before the answer did", run.Error, StringComparison.Ordinal);
        Assert.Contains(FakeGateway.AuditId, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data: nonsense\n\n")]
    [InlineData("data: null\n\n")]
    [InlineData("data: []\n\n")]
    public async Task Chat_EndsWith5_WhenAChunkIsGarbage(string chunk)
    {
        await using var gateway = await StreamingAsync(Piece("half") + chunk + Done);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("chat", "--gateway", gateway.Address, "--json", "hello");

        Assert.Equal(5, run.Exit);
        Assert.Equal("answer_not_understood", run.Json.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Chat_EndsWith5_WhenTheAnswerIsNoStream()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, "<html>", "text/html");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("chat", "--gateway", gateway.Address, "hello");

        Assert.Equal(5, run.Exit);
        Assert.Empty(run.Out);
    }

    [Fact]
    public async Task Chat_LeavesTheGateway_WhenItIsInterrupted()
    {
        var left = new TaskCompletionSource();
        await using var gateway = await FakeGateway.StartAsync(async http =>
        {
            await BeginAsync(http);
            await http.Response.WriteAsync(Piece("half"));
            await http.Response.Body.FlushAsync();
            http.RequestAborted.Register(left.SetResult);
            await left.Task;
        });
        using var workplace = new Workplace();
        using var interrupt = new CancellationTokenSource();

        var running = workplace.RunAsync(interrupt.Token, "chat", "--gateway", gateway.Address, "hello");
        await workplace.Out.Seen("half");
        await interrupt.CancelAsync();
        var run = await running;
        await left.Task;

        Assert.Equal(130, run.Exit);
        Assert.EndsWith("proofgate: stopped.", run.Error.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Chat_GivesUp_WhenTheGatewayFallsSilent()
    {
        await using var gateway = await FakeGateway.StartAsync(async http =>
        {
            await BeginAsync(http);
            await http.Response.WriteAsync(Piece("half"));
            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        using var workplace = new Workplace();

        var running = workplace.RunAsync("chat", "--gateway", gateway.Address, "hello");
        await workplace.Out.Seen("half");
        // Silence counts from the moment at which the command asks for more.
        while (!running.IsCompleted)
        {
            // When it asks nobody can see; a clock that spins meanwhile would run through many silences at once.
            await Task.Delay(20);
            workplace.Time.Advance(ChatCall.Silence);
        }

        var run = await running;

        Assert.Equal(3, run.Exit);
        Assert.Contains("sent nothing for 150 s", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chat_TakesControlCharactersOut_ForATerminalAlone(bool terminal)
    {
        await using var gateway = await StreamingAsync(Piece(@"a\u001b[2Jb\n\tc") + Done);
        using var workplace = new Workplace { IsTerminal = terminal };

        var run = await workplace.RunAsync("chat", "--gateway", gateway.Address, "hello");

        Assert.Equal((terminal ? "a\uFFFD[2Jb\n\tc" : "a\u001b[2Jb\n\tc") + Environment.NewLine, run.Out);
    }

    [Fact]
    public async Task Chat_SaysThatTheModelWasCutShort_WhenItsFinishReasonSaysSo()
    {
        await using var gateway = await StreamingAsync(Piece("as far as") + Finish("length") + Done);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("chat", "--gateway", gateway.Address, "hello");

        Assert.Equal(0, run.Exit);
        Assert.Contains("length", run.Error, StringComparison.Ordinal);
        Assert.Contains("tokens not counted", run.Error, StringComparison.Ordinal);
    }

    private static Task<FakeGateway> StreamingAsync(string body) => FakeGateway.StartAsync(async http =>
    {
        await BeginAsync(http);
        await http.Response.WriteAsync(body);
    });

    private static async Task BeginAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers["Proofgate-Label"] = "internal";
        await http.Response.Body.FlushAsync();
    }

    private static string Piece(string escaped) => $$$"""data: {"choices":[{"index":0,"delta":{"content":"{{{escaped}}}"}}]}""" + "\n\n";

    private static string Finish(string reason) => $$$"""data: {"choices":[{"index":0,"delta":{},"finish_reason":"{{{reason}}}"}]}""" + "\n\n";
}
