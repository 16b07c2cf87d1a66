using System.Buffers;
using System.Text;
using System.Text.Json;
using Proofgate.Inference.Dialects.OpenAi;
using Proofgate.Inference.Tests.Support;
using Proofgate.Protection;
using Proofgate.Support;

namespace Proofgate.Inference.Tests.OpenAi;

public sealed class RewriterTests
{
    private static readonly RedactionPlan MaskAll = new(RuleSet.Default);
    private static readonly RedactionPlan RevealAll = new(RuleSet.Default, RuleSet.Default.Kinds);

    [Fact]
    public void Chunk_KeepsItsBytes_WhereNothingIsMasked()
    {
        const string chunk =
            """{"id":"a", "object":"chat.completion.chunk","created":1.70e9,"x":[1.0,{"deep":"caf\u00e9"}],"choices":[{"index":0,"delta":{"role":"assistant","content":"h\u0065llo </b>"},"finish_reason":null}]}""";
        var heard = Run(MaskAll, chunk);

        // Blanks between members are not kept; everything else is.
        Assert.Equal(chunk.Replace(", \"object\"", ",\"object\"", StringComparison.Ordinal), heard.Raw.Split("\n\n")[0]["data: ".Length..]);
    }

    [Fact]
    public void Logprobs_AreDropped_OnlyWhenSomethingIsMasked()
    {
        const string chunk = """{"choices":[{"index":0,"delta":{"content":"a "},"logprobs":{"content":[{"token":"a"}]},"token_ids":[5]}],"prompt_token_ids":[1,2]}""";

        Assert.Contains("\"logprobs\":null,\"token_ids\":null", Run(MaskAll, chunk).Raw, StringComparison.Ordinal);
        Assert.Contains("\"prompt_token_ids\":null", Run(MaskAll, chunk).Raw, StringComparison.Ordinal);
        Assert.Contains("\"token\":\"a\"", Run(RevealAll, chunk).Raw, StringComparison.Ordinal);
        var escaped = chunk.Replace("\"logprobs\"", "\"logpr\\u006fbs\"", StringComparison.Ordinal);
        Assert.DoesNotContain("\"token\"", Run(MaskAll, escaped).Raw, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"reasoning_details":[{"type":"reasoning.text","text":"%"}]}""")]
    [InlineData("""{"content":[{"type":"text","text":"%"}]}""")]
    [InlineData("""{"audio":{"id":"a","transcript":"%"}}""")]
    [InlineData("""{"tool_calls":[{"index":0,"extra":{"note":"%"}}]}""")]
    [InlineData("""{"Odd-Name":"%"}""")]
    public void ValueCutOverUnknownParts_IsNotShown(string delta)
    {
        string[] pieces = ["pay 4111 11", "11 1111 11", "11 now"];
        var raw = Raw(MaskAll, [.. pieces.Select(p => $$"""{"id":"a","choices":[{"index":0,"delta":{{delta.Replace("%", p, StringComparison.Ordinal)}}}]}""")]);

        Assert.DoesNotContain("11", raw, StringComparison.Ordinal);
        if (delta.Contains("reasoning.text", StringComparison.Ordinal))
        {
            Assert.Contains("\"type\":\"reasoning.text\"", raw, StringComparison.Ordinal);
        }

        Assert.Contains("4111 11", Raw(RevealAll, $$"""{"id":"a","choices":[{"index":0,"delta":{{delta.Replace("%", pieces[0], StringComparison.Ordinal)}}}]}"""), StringComparison.Ordinal);
    }

    [Fact]
    public void CustomToolInput_IsOneText_HoweverItIsCut()
    {
        var raw = Raw(
            MaskAll,
            """{"id":"a","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"c","type":"custom","custom":{"name":"mail","input":"to ada@exa"}}]}}]}""",
            """{"id":"a","choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"custom":{"input":"mple.org now "}}]}}]}""",
            """{"id":"a","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""");

        Assert.DoesNotContain("ada", raw, StringComparison.Ordinal);
        Assert.Contains("[EMAIL_ADDRESS]", raw, StringComparison.Ordinal);
    }

    [Fact]
    public void TextAfterItsEnd_EndsTheStream()
    {
        using var rewriter = new OpenAiChatRewriter(MaskAll, usageAsked: false, stopsChosen: false);
        var frames = new ArrayBufferWriter<byte>();
        rewriter.RewriteEvent("""{"id":"a","choices":[{"index":0,"delta":{"content":"pay 4111 1111 "},"finish_reason":"stop"}]}"""u8, frames);
        rewriter.RewriteEvent("""{"id":"a","choices":[{"index":0,"delta":{"content":""}}]}"""u8, frames);

        Assert.Throws<AnswerFormatException>(
            () => rewriter.RewriteEvent("""{"id":"a","choices":[{"index":0,"delta":{"content":"1111 1111"}}]}"""u8, frames));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Usage_IsShown_OnlyToTheClientThatAsked(bool asked)
    {
        const string usage = """{"id":"a","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":5,"total_tokens":8}}""";
        using var rewriter = new OpenAiChatRewriter(MaskAll, asked, stopsChosen: false);
        var frames = new ArrayBufferWriter<byte>();
        rewriter.RewriteEvent("""{"id":"a","choices":[{"index":0,"delta":{"content":"hi "}}],"usage":null}"""u8, frames);
        rewriter.RewriteEvent(Encoding.UTF8.GetBytes(usage), frames);

        var heard = HeardAnswer.Read(frames.WrittenSpan);
        Assert.Equal(asked ? 2 : 1, heard.Chunks.Count);
        Assert.Equal(asked, heard.Raw.Contains("usage", StringComparison.Ordinal));
        Assert.Equal((3, 5), (rewriter.Facts.InputTokens, rewriter.Facts.OutputTokens));
    }

    [Fact]
    public void Error_IsPassedOnInspected_AfterWhatWasHeld()
    {
        using var rewriter = new OpenAiChatRewriter(MaskAll, usageAsked: false, stopsChosen: false);
        var frames = new ArrayBufferWriter<byte>();
        rewriter.RewriteEvent("""{"id":"a","choices":[{"index":0,"delta":{"content":"it is 054-28-69"}}]}"""u8, frames);
        var step = rewriter.RewriteEvent("""{"error":{"message":"bad key sk-ant-0123456789abcdef","code":401}}"""u8, frames);

        Assert.Equal(StreamStep.Failed, step);
        var heard = HeardAnswer.Read(frames.WrittenSpan);
        Assert.Equal("it is [US_SSN]", heard.Text("0/content"));
        Assert.Equal("bad key [API_KEY]", heard.Chunks[^1].GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(401, heard.Chunks[^1].GetProperty("error").GetProperty("code").GetInt32());
        Assert.False(heard.Done);
    }

    [Fact]
    public void Error_ThatIsNull_IsNoError() =>
        Assert.Equal("hi ", Run(MaskAll, """{"error":null,"choices":[{"index":0,"delta":{"content":"hi "}}]}""").Text("0/content"));

    [Fact]
    public void HeldText_ComesBeforeTheFinish_AsAChunkOfTheSameAnswer()
    {
        var heard = Run(
            MaskAll,
            """{"id":"","model":"","choices":[],"prompt_filter_results":[]}""",
            """{"id":"chatcmpl-9","created":17,"model":"gpt","choices":[{"index":1,"delta":{"content":"call +44"}}]}""",
            """{"id":"chatcmpl-9","created":17,"model":"gpt","choices":[{"index":1,"delta":{},"finish_reason":"stop"}]}""");

        Assert.Equal("call +44", heard.Text("1/content"));
        var held = heard.Chunks[^2];
        Assert.Equal("chatcmpl-9", held.GetProperty("id").GetString());
        Assert.Equal("chat.completion.chunk", held.GetProperty("object").GetString());
        Assert.Equal(17, held.GetProperty("created").GetInt32());
        Assert.Equal("gpt", held.GetProperty("model").GetString());
        Assert.Equal("+44", held.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString());
        Assert.Equal(JsonValueKind.Null, held.GetProperty("choices")[0].GetProperty("finish_reason").ValueKind);
        Assert.Equal("stop", heard.Chunks[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Theory]
    [InlineData("stop", false, "4111 1111 1111 11")]
    [InlineData("stop", true, "[PAYMENT_CARD]")]
    [InlineData("length", false, "[PAYMENT_CARD]")]
    [InlineData("content_filter", false, "[PAYMENT_CARD]")]
    [InlineData("brand_new", false, "[PAYMENT_CARD]")]
    public void Cut_DoesNotShowTheBeginningOfAValue_WhereTheCallerCouldChooseIt(string finish, bool stopsChosen, string shown)
    {
        using var rewriter = new OpenAiChatRewriter(MaskAll, usageAsked: false, stopsChosen);
        var frames = new ArrayBufferWriter<byte>();
        rewriter.RewriteEvent("""{"choices":[{"index":0,"delta":{"content":"4111 1111 1111 11"}}]}"""u8, frames);
        rewriter.RewriteEvent(Encoding.UTF8.GetBytes($$"""{"choices":[{"index":0,"delta":{},"finish_reason":"{{finish}}"}]}"""), frames);
        Assert.Equal(shown, HeardAnswer.Read(frames.WrittenSpan).Text("0/content"));
        Assert.Equal(finish == "brand_new" ? "other" : finish, rewriter.Facts.FinishReason);

        using var whole = new OpenAiChatRewriter(MaskAll, usageAsked: false, stopsChosen);
        var output = new ArrayBufferWriter<byte>();
        whole.RewriteWhole(
            Encoding.UTF8.GetBytes($$$"""{"choices":[{"index":0,"finish_reason":"{{{finish}}}","message":{"content":"4111 1111 1111 11"}}]}"""), output);
        Assert.Equal(shown, JsonDocument.Parse(output.WrittenMemory).RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    [Fact]
    public void UnknownTextOfADelta_IsHeldLikeAnyOther_WhenItIsCut()
    {
        var heard = Run(
            MaskAll,
            """{"choices":[{"index":0,"delta":{"thinking":"so 054-28","audio_note":null}}]}""",
            """{"choices":[{"index":0,"delta":{"thinking":"-6917 it is"}}]}""",
            """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");

        Assert.Equal("so [US_SSN] it is", heard.Text("0/thinking"));
        Assert.DoesNotContain("054", heard.Raw, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"choices":[],"choices":[]}""")]
    [InlineData("""{"choices":[{"delta":{},"delta":{}}]}""")]
    [InlineData("""{"choices":[{"delta":{"content":"a","content":"b"}}]}""")]
    [InlineData("""{"choices":[{"delta":{"content":"a","c\u006fntent":"b"}}]}""")]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[],"tool_calls":[]}}]}""")]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"a"},"function":{"arguments":"b"}}]}}]}""")]
    [InlineData("not json")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}]""")]
    [InlineData("""{"choices":[]} {}""")]
    [InlineData("""{"choices":[{"delta":{"content":"\ud800"}}]}""")]
    public void Garbage_IsNotReleased_AndSaysSoWithoutQuotingIt(string data)
    {
        using var rewriter = new OpenAiChatRewriter(MaskAll, usageAsked: false, stopsChosen: false);
        var frames = new ArrayBufferWriter<byte>();
        var error = Assert.Throws<AnswerFormatException>(() => rewriter.RewriteEvent(Encoding.UTF8.GetBytes(data), frames));

        Assert.Equal(0, frames.WrittenCount);
        Assert.DoesNotContain("ud800", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Garbage_IsNotReleased_WhenItIsNotUtf8OrTooDeepOrTooMany()
    {
        using var rewriter = new OpenAiChatRewriter(MaskAll, usageAsked: false, stopsChosen: false);
        var frames = new ArrayBufferWriter<byte>();
        byte[] invalid = [.. """{"choices":[{"delta":{"content":" """u8, 0xFF, .. "\"}}]}"u8];
        var deep = Encoding.UTF8.GetBytes("{\"x\":" + new string('[', 70) + new string(']', 70) + "}");
        var many = Encoding.UTF8.GetBytes("{\"choices\":[" + string.Join(",", Enumerable.Repeat("{}", 129)) + "]}");
        Assert.All([invalid, deep, many], d => Assert.Throws<AnswerFormatException>(() => rewriter.RewriteEvent(d, frames)));
        var slots = Encoding.UTF8.GetBytes(
            "{\"choices\":[{\"delta\":{\"tool_calls\":[" + string.Join(",", Enumerable.Range(0, 1025).Select(i => $$$"""{"index":{{{i}}},"function":{"arguments":""}}""")) + "]}}]}");
        Assert.Throws<AnswerFormatException>(() => rewriter.RewriteEvent(slots, frames));

        Assert.Equal(0, frames.WrittenCount);
    }

    [Fact]
    public void MemberName_ThatHoldsAValue_IsMaskedToo() =>
        Assert.DoesNotContain("054-28-6917", Run(MaskAll, """{"choices":[{"index":0,"delta":{},"x":{"054-28-6917":1}}]}""").Raw, StringComparison.Ordinal);

    [Fact]
    public void Whole_IsInspected_InEveryTextButTheStructuralOnes()
    {
        const string answer =
            """
            {"id":"chatcmpl-054-28-6917","choices":[{"index":0,"finish_reason":"tool_calls","logprobs":{"content":[]},"message":{"role":"assistant","content":"mail a@b.co",
            "refusal":"054-28-6917","tool_calls":[{"id":"call_1","type":"function","function":{"name":"pay","arguments":"{\"card\":\"4111111111111111\"}"}}],
            "annotations":[{"url":"https://x/?q=a@b.co"}]}}],"usage":{"prompt_tokens":1,"completion_tokens":2},"new_field":["054-28-6917"]}
            """;
        using var rewriter = new OpenAiChatRewriter(MaskAll, usageAsked: false, stopsChosen: false);
        var output = new ArrayBufferWriter<byte>();
        rewriter.RewriteWhole(Encoding.UTF8.GetBytes(answer), output);

        var root = JsonDocument.Parse(output.WrittenMemory).RootElement;
        var message = root.GetProperty("choices")[0].GetProperty("message");
        Assert.Equal("mail [EMAIL_ADDRESS]", message.GetProperty("content").GetString());
        Assert.Equal("[US_SSN]", message.GetProperty("refusal").GetString());
        Assert.Equal("{\"card\":\"[PAYMENT_CARD]\"}", message.GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString());
        Assert.Equal("call_1", message.GetProperty("tool_calls")[0].GetProperty("id").GetString());
        Assert.DoesNotContain("a@b.co", root.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("[US_SSN]", root.GetProperty("new_field")[0].GetString());
        Assert.Equal(2, root.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal("chatcmpl-054-28-6917", root.GetProperty("id").GetString());
        Assert.Equal((1, 2, "tool_calls"), (rewriter.Facts.InputTokens, rewriter.Facts.OutputTokens, rewriter.Facts.FinishReason));
        Assert.Equal(2, rewriter.Facts.Redactions[new Kind("US_SSN")]);
        Assert.Throws<AnswerFormatException>(() => rewriter.RewriteWhole("<html>"u8, new ArrayBufferWriter<byte>()));
    }

    [Fact]
    public void Event_AllocatesNothing_OnceWarm()
    {
        using var rewriter = new OpenAiChatRewriter(MaskAll, usageAsked: false, stopsChosen: false);
        var frames = new ArrayBufferWriter<byte>(64 * 1024);
        byte[][] events =
        [
            .. new[] { "Hello", " world", " it is 054-28", "-6917 or", " a@b", ".co, right", "? \\u00e9 \\\"x\\\" " }.Select(static t => Encoding.UTF8.GetBytes(
                $$"""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"{{t}}","thinking":"{{t}}"},"logprobs":null,"finish_reason":null}],"usage":null}""")),
        ];

        void Run(int rounds)
        {
            for (var i = 0; i < rounds; i++)
            {
                foreach (var data in events)
                {
                    frames.ResetWrittenCount();
                    rewriter.RewriteEvent(data, frames);
                }
            }
        }

        Run(200);
        Assert.InRange(Allocations.Of(() => Run(1000)), 0, 1000);
    }

    private static string Raw(RedactionPlan plan, params string[] events)
    {
        using var rewriter = new OpenAiChatRewriter(plan, usageAsked: false, stopsChosen: false);
        var frames = new ArrayBufferWriter<byte>();
        foreach (var data in events)
        {
            rewriter.RewriteEvent(Encoding.UTF8.GetBytes(data), frames);
        }

        return Encoding.UTF8.GetString(frames.WrittenSpan);
    }

    private static HeardAnswer Run(RedactionPlan plan, params string[] events)
    {
        using var rewriter = new OpenAiChatRewriter(plan, usageAsked: false, stopsChosen: false);
        var frames = new ArrayBufferWriter<byte>();
        foreach (var data in events)
        {
            Assert.Equal(StreamStep.Continue, rewriter.RewriteEvent(Encoding.UTF8.GetBytes(data), frames));
        }

        return HeardAnswer.Read(frames.WrittenSpan);
    }
}
