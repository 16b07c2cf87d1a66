using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Proofgate.Enforcement;
using Proofgate.Inference.Relay;
using Proofgate.Inference.Tests.Support;
using Proofgate.Tests.Support;

namespace Proofgate.Inference.Tests.Relay;

public sealed class StreamRelayTests : IAsyncLifetime, IDisposable
{
    private const string Stop = """data: {"id":"a","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":5}}""" + "\n\n";
    private const string Done = "data: [DONE]\n\n";

    private readonly House _house = new();
    private readonly UpstreamPipe _upstream = new();
    private readonly Pipe _client = new(new PipeOptions(pauseWriterThreshold: 2048, resumeWriterThreshold: 1024, useSynchronizationContext: false));
    private readonly CancellationTokenSource _gone = new();
    private readonly InferenceOptions _options = new();
    private AdmittedCall<InferenceCall> _call = null!;

    public async Task InitializeAsync() => _call = await _house.AdmitAsync();

    public async Task DisposeAsync()
    {
        await _call.DisposeAsync();
        await _upstream.Answer.DisposeAsync();
    }

    public void Dispose()
    {
        _upstream.Dispose();
        _gone.Dispose();
        _house.Dispose();
    }

    [Fact]
    public async Task Stream_IsRelayedEventByEvent_AndAccounted()
    {
        var running = RunAsync();
        _upstream.Say("one ");
        Assert.Contains("one ", await ReadFrameAsync(), StringComparison.Ordinal);
        _house.Time.Advance(TimeSpan.FromSeconds(1));
        _upstream.Say("two ");
        Assert.Contains("two ", await ReadFrameAsync(), StringComparison.Ordinal);
        _upstream.Send(Stop + Done);
        var outcome = await running;

        var rest = await ReadRestAsync();
        Assert.EndsWith(Done, rest, StringComparison.Ordinal);
        Assert.Equal(("completed", 200, "stop"), (outcome.Result, outcome.Status, outcome.FinishReason));
        Assert.Equal((3, 5, 4), (outcome.InputTokens, outcome.OutputTokens, outcome.Events));
        Assert.True(outcome.BytesOut > rest.Length);
        Assert.NotNull(outcome.FirstByteAt);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(64)]
    public async Task Stream_IsTheSame_HoweverItsBytesAreCut(int size)
    {
        var bytes = Encoding.UTF8.GetBytes(
            ": comment\r\n\r\nevent: x\r\ndata: {\"id\":\"a\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"naïve 😀 054-28\"}}]}\r\n\r\n"
            + "data: {\"id\":\"a\",\ndata: \"choices\":[{\"index\":0,\"delta\":{\"content\":\"-6917 ok\"}}]}\n\n" + Stop + Done);
        var running = RunAsync();
        foreach (var piece in bytes.Chunk(size))
        {
            _upstream.Send(piece);
        }

        Assert.Equal("completed", (await running).Result);
        var heard = HeardAnswer.Read(Encoding.UTF8.GetBytes(await ReadRestAsync()));
        Assert.Equal("naïve 😀 [US_SSN] ok", heard.Text("0/content"));
        Assert.True(heard.Done);
    }

    [Fact]
    public async Task Heartbeat_GoesOut_AfterSilenceOnly()
    {
        var running = RunAsync();
        _upstream.Say("one ");
        await ReadFrameAsync();
        for (var i = 0; i < 14; i++)
        {
            _house.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False(_client.Reader.TryRead(out _));
        _house.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(": keep-alive\n\n", await ReadFrameAsync());
        _upstream.Send(Stop + Done);
        var outcome = await running;

        Assert.Equal("completed", outcome.Result);
        Assert.True(HeardAnswer.Read(Encoding.UTF8.GetBytes(await ReadRestAsync())).Done);
    }

    [Fact]
    public async Task SilentUpstream_IsGivenUp_WithATrueErrorAndNoDone()
    {
        var running = RunAsync();
        _upstream.Say("card 4111 1111 1111 11");
        await ReadFrameAsync();
        // Silence counts from the moment at which the relay asks for more; after it the clock stands, for the farewell has its own limit.
        while (!_upstream.Cancelled.IsCompleted)
        {
            _house.Time.Advance(TimeSpan.FromSeconds(60));
            await Task.Yield();
        }

        var outcome = await running;
        await _upstream.Cancelled;
        Assert.Equal("timed_out", outcome.Result);
        AssertEndsWithError(await ReadRestAsync(), "upstream_timeout", held: "[PAYMENT_CARD]");
    }

    [Fact]
    public async Task SlowReader_IsNoSilentUpstream()
    {
        var running = RunAsync();
        _upstream.Say(new string('x', 5000) + " ");
        await WaitForBackpressureAsync();
        // The client has not read: the relay waits in its flush, for as long as it takes.
        for (var i = 0; i < 10; i++)
        {
            _house.Time.Advance(TimeSpan.FromMinutes(5));
            await Task.Yield();
        }

        Assert.False(running.IsCompleted);
        await ReadFrameAsync();
        _upstream.Send(Stop + Done);
        Assert.Equal("completed", (await running).Result);
    }

    [Fact]
    public async Task Upstream_ThatEndsWithoutDone_GivesAnErrorAndNoDone()
    {
        var running = RunAsync();
        _upstream.Say("card 4111 1111 1111 11");
        await ReadFrameAsync();
        _upstream.End();

        var outcome = await running;
        Assert.Equal(("upstream_failed", (string?)null), (outcome.Result, outcome.FinishReason));
        AssertEndsWithError(await ReadRestAsync(), "upstream_failed", held: "[PAYMENT_CARD]");
    }

    [Fact]
    public async Task Upstream_ThatBreaks_GivesAnErrorAndNoDone()
    {
        var running = RunAsync();
        _upstream.Say("one ");
        await ReadFrameAsync();
        _upstream.End(new IOException("reset"));

        Assert.Equal("upstream_failed", (await running).Result);
        AssertEndsWithError(await ReadRestAsync(), "upstream_failed");
    }

    [Theory]
    [InlineData("data: not json 054-28-6917\n\n")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"054-28-6917\n\n")]
    [InlineData("data: [\"054-28-6917\"]\n\n")]
    public async Task Garbage_IsNotReleased_AndEndsTheStream(string garbage)
    {
        var running = RunAsync();
        _upstream.Say("one ");
        await ReadFrameAsync();
        _upstream.Send(garbage);

        Assert.Equal("upstream_failed", (await running).Result);
        var rest = await ReadRestAsync();
        Assert.DoesNotContain("054", rest, StringComparison.Ordinal);
        AssertEndsWithError(rest, "upstream_failed");
    }

    [Fact]
    public async Task Error_InBand_IsRelayedAndAudited_WithoutAnotherOne()
    {
        var running = RunAsync();
        _upstream.Send("data: {\"error\":{\"message\":\"overloaded\"}}\n\n");

        Assert.Equal("upstream_failed", (await running).Result);
        var heard = HeardAnswer.Read(Encoding.UTF8.GetBytes(await ReadRestAsync()));
        Assert.Equal("overloaded", Assert.Single(heard.Chunks).GetProperty("error").GetProperty("message").GetString());
        Assert.False(heard.Done);
    }

    [Fact]
    public async Task Event_OverTheLimit_IsCutOff_BeforeItIsReadWhole()
    {
        _options.MaxEventBytes = 16 * 1024;
        var running = RunAsync();
        _upstream.Send("data: ");
        var block = new string('x', 4096);
        for (var i = 0; i < 1024; i++)
        {
            _upstream.Send(block);
        }

        Assert.Equal("upstream_failed", (await running).Result);
        // The parser doubles its buffer: what it had asked for when the limit was passed.
        Assert.InRange(_upstream.BytesRead, 16 * 1024, 128 * 1024);
        AssertEndsWithError(await ReadRestAsync(), "upstream_failed");
    }

    [Fact]
    public async Task Events_WithinTheLimit_AreNotCountedTogether()
    {
        _options.MaxEventBytes = 4096;
        var running = RunAsync();
        for (var i = 0; i < 20; i++)
        {
            _upstream.Say(new string('x', 1000) + " ");
            await ReadFrameAsync();
        }

        _upstream.Send(Stop + Done);
        Assert.Equal("completed", (await running).Result);
    }

    [Fact]
    public async Task Client_ThatLeaves_CancelsTheUpstreamAndIsAccounted()
    {
        var running = RunAsync();
        _upstream.Send("""data: {"choices":[{"index":0,"delta":{"content":"one "}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}""" + "\n\n");
        await ReadFrameAsync();
        await _gone.CancelAsync();

        var outcome = await running;
        await _upstream.Cancelled;
        Assert.Equal(("client_aborted", 3, 1), (outcome.Result, outcome.InputTokens, outcome.OutputTokens));
    }

    [Fact]
    public async Task Client_ThatCompletesItsSide_CancelsTheUpstream()
    {
        var running = RunAsync();
        _upstream.Say("one ");
        await ReadFrameAsync();
        await _client.Reader.CompleteAsync();
        _upstream.Say("two ");

        Assert.Equal("client_aborted", (await running).Result);
    }

    [Fact]
    public async Task Revoked_EndsTheStreamInBand_AndReleasesNothingHeld()
    {
        var running = RunAsync();
        _upstream.Say("hello 4111 1111 1111 11");
        await ReadFrameAsync();
        _house.Revocation.Revoke();

        var outcome = await running;
        await _upstream.Cancelled;
        Assert.Equal("revoked", outcome.Result);
        var rest = await ReadRestAsync();
        AssertEndsWithError(rest, "revoked");
        Assert.DoesNotContain("4111", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("PAYMENT_CARD", rest, StringComparison.Ordinal);
        Assert.Single(HeardAnswer.Read(Encoding.UTF8.GetBytes(rest)).Chunks);
    }

    [Fact]
    public async Task Revoked_CutsASlowReader_ThatBlocksTheFlush()
    {
        var running = RunAsync();
        _upstream.Say(new string('x', 5000) + " ");
        _upstream.Say("later ");
        await WaitForBackpressureAsync();
        _house.Revocation.Revoke();
        // The farewell may take a second; nobody reads it.
        while (!running.IsCompleted)
        {
            _house.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("revoked", (await running).Result);
        Assert.DoesNotContain("later", await ReadRestAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoked_BeforeTheFirstByte_ReleasesNothing()
    {
        _house.Revocation.Revoke();
        _upstream.Say("one ");

        Assert.Equal("revoked", (await RunAsync()).Result);
        var rest = await ReadRestAsync();
        Assert.DoesNotContain("one", rest, StringComparison.Ordinal);
        AssertEndsWithError(rest, "revoked");
    }

    private static void AssertEndsWithError(string frames, string code, string held = "")
    {
        var heard = HeardAnswer.Read(Encoding.UTF8.GetBytes(frames));
        Assert.Equal(code, heard.Chunks[^1].GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(held, heard.Text("0/content"));
        Assert.False(heard.Done);
        Assert.DoesNotContain("finish_reason\":\"", frames, StringComparison.Ordinal);
    }

    private Task<CallOutcome> RunAsync()
    {
        var relay = new StreamRelay(Options.Create(_options), _house.Time, NullLogger<StreamRelay>.Instance);
        var rewriter = _call.Call.Speech.CreateRewriter(_call.Call.Body, _call.Redaction);
        return Task.Run(() => relay.RunAsync(_call, _upstream.Answer, rewriter, _client.Writer, WriteFault, _gone.Token));
    }

    private static void WriteFault(IBufferWriter<byte> output, StreamFault fault) =>
        output.Write(Encoding.UTF8.GetBytes($$$"""data: {"error":{"code":"{{{fault.Code}}}","message":"{{{fault.Message}}}"}}""" + "\n\n"));

    private async Task<string> ReadFrameAsync()
    {
        while (true)
        {
            var read = await _client.Reader.ReadAsync();
            var text = Encoding.UTF8.GetString(read.Buffer.ToArray());
            if (text.EndsWith("\n\n", StringComparison.Ordinal) || read.IsCompleted)
            {
                _client.Reader.AdvanceTo(read.Buffer.End);
                return text;
            }

            _client.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private async Task<string> ReadRestAsync()
    {
        await _client.Writer.CompleteAsync();
        var rest = await _client.Reader.ReadAtLeastAsync(int.MaxValue);
        var text = Encoding.UTF8.GetString(rest.Buffer.ToArray());
        _client.Reader.AdvanceTo(rest.Buffer.End);
        return text;
    }

    /// <summary>Until the pipe is full and the relay waits for the client.</summary>
    private async Task WaitForBackpressureAsync()
    {
        while (true)
        {
            if (_client.Reader.TryRead(out var read))
            {
                var length = read.Buffer.Length;
                _client.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.Start);
                if (length > 2048)
                {
                    return;
                }
            }

            await Task.Yield();
        }
    }
}
