using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Proofgate.Inference.Dialects.Anthropic;
using Proofgate.Inference.Dialects.OpenAi;
using Proofgate.Protection;

namespace Proofgate.Inference.Tests;

public sealed class JsonTextFilterTests
{
    private static readonly RedactionPlan MaskAll = new(RuleSet.Default);

    [Theory]
    [InlineData("""{"to":"ada\u0040example.org"}""", """{"to":"[EMAIL_ADDRESS]"}""")]
    [InlineData("""{"to":"\u0061da@example\u002Eorg","n":1.50}""", """{"to":"[EMAIL_ADDRESS]","n":1.50}""")]
    [InlineData("""{"ssn":"054\u002d28\u002d6917"}""", """{"ssn":"[US_SSN]"}""")]
    [InlineData("""{"a":"say \"hi\"\n","b":"c:\\temp\u0040"}""", """{"a":"say \"hi\"\n","b":"c:\\temp@"}""")]
    [InlineData("""{"a":"\ud83d\ude00\u0022\u005c\/\u00e9\u0001"}""", """{"a":"😀\"\\/é\u0001"}""")]
    [InlineData("""{"a":"\u0022GB29NWBK60161331926819","b":"\ud83d\ude00GB29NWBK60161331926819"}""", """{"a":"\"[IBAN]","b":"😀[IBAN]"}""")]
    [InlineData("""{"a":"\ud83dGB29NWBK60161331926819","b":"\ude00\ud83d\ud83d\ude00\ud83d\n"}""", "{\"a\":\"\uFFFD[IBAN]\",\"b\":\"\uFFFD\uFFFD😀\uFFFD\\n\"}")]
    [InlineData("""{"a":"\u00zz\x"}""", """{"a":"\u00zz\x"}""")]
    [InlineData("""{"a":"\u00""", """{"a":"\u00""")]
    public void Escape_DoesNotHideAValue_AndTheRestMeansTheSame(string arguments, string released) =>
        Assert.Equal(released, JsonTextFilter.RedactWhole(MaskAll, arguments, TextEnd.Finished, null));

    [Fact]
    public void WhatIsNotRedacted_IsTheSameJson() => Gen.String.Array.Sample(static texts =>
    {
        var json = new JsonArray([.. texts.Select(static t => JsonValue.Create(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(t))))]);
        var escaped = json.ToJsonString();
        var plan = new RedactionPlan(RuleSet.Default, RuleSet.Default.Kinds.Where(static k => k.Name != "PROOFGATE_KEY"));
        Assert.True(JsonNode.DeepEquals(json, JsonNode.Parse(JsonTextFilter.RedactWhole(plan, escaped, TextEnd.Finished, null))));
    });

    [Fact]
    public void EscapesOfAnAnthropicTool_AreSeenThrough_WhereverTheyAreCut()
    {
        const string arguments = """{"to":"ada\u0040example.org","card":"4111\u00201111\t1111 1111"}""";
        for (var at = 1; at < arguments.Length; at++)
        {
            using var rewriter = new AnthropicRewriter(MaskAll, null);
            var frames = new ArrayBufferWriter<byte>();
            foreach (var piece in new[] { arguments[..at], arguments[at..] })
            {
                rewriter.RewriteEvent(Encoding.UTF8.GetBytes(new JsonObject
                {
                    ["type"] = "content_block_delta",
                    ["index"] = 0,
                    ["delta"] = new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = piece },
                }.ToJsonString()), frames);
            }

            rewriter.RewriteEvent("""{"type":"content_block_stop","index":0}"""u8, frames);
            rewriter.RewriteEvent("""{"type":"message_delta","delta":{"stop_reason":"tool_use"}}"""u8, frames);
            var heard = string.Concat(Encoding.UTF8.GetString(frames.WrittenSpan).Split("data: ").Skip(1)
                .Select(static f => (string?)JsonNode.Parse(f[..f.IndexOf('\n', StringComparison.Ordinal)])!["delta"]?["partial_json"]));
            Assert.Equal(JsonTextFilter.RedactWhole(MaskAll, arguments, TextEnd.Finished, null), heard);
            Assert.StartsWith("""{"to":"[EMAIL_ADDRESS]",""", heard, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void EscapesOfAChatTool_AreSeenThrough_InAnAnswerThatIsNotStreamed()
    {
        using var rewriter = new OpenAiChatRewriter(MaskAll, usageAsked: false, stopsChosen: false);
        var written = new ArrayBufferWriter<byte>();
        rewriter.RewriteWhole(
            """{"choices":[{"index":0,"message":{"tool_calls":[{"function":{"name":"f","arguments":"{\"to\":\"ada\\u0040example.org\"}"}}]},"finish_reason":"tool_calls"}]}"""u8, written);
        Assert.Contains("""{\"to\":\"[EMAIL_ADDRESS]\"}""", Encoding.UTF8.GetString(written.WrittenSpan), StringComparison.Ordinal);
    }

    [Fact]
    public void EscapesInTheArgumentsOfARequest_AreSeenThrough()
    {
        var body = """{"model":"m","messages":[{"role":"assistant","tool_calls":[{"function":{"arguments":"{\"to\":\"ada\\u0040example.org\"}"}}]}]}"""u8.ToArray();
        using var request = Assert.IsType<DialectRead.Understood>(new OpenAiChat().Read(body)).Request;
        var found = new KindCounts();
        request.VisitTexts(static (text, counts) => Inspector.Inspect(RuleSet.Default, text, (KindCounts)counts!), found);
        Assert.Equal(1, found[new Kind("EMAIL_ADDRESS")]);
    }

    [Fact]
    public void SignatureOfThinkingThatWasRedacted_GoesOutAsItIs()
    {
        using var rewriter = new AnthropicRewriter(MaskAll, null);
        var frames = new ArrayBufferWriter<byte>();
        rewriter.RewriteEvent("""{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"of a@b.co, "}}"""u8, frames);
        rewriter.RewriteEvent("""{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl"}}"""u8, frames);
        var heard = Encoding.UTF8.GetString(frames.WrittenSpan);
        Assert.Contains("of [EMAIL_ADDRESS], ", heard, StringComparison.Ordinal);
        Assert.Contains("\"EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl\"", heard, StringComparison.Ordinal);
    }
}
