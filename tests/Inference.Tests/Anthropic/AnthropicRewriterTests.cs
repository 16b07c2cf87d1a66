using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Proofgate.Inference.Dialects.Anthropic;
using Proofgate.Inference.Relay;
using Proofgate.Inference.Tests.Support;
using Proofgate.Protection;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Inference.Tests.Anthropic;

public sealed class AnthropicRewriterTests(ITestOutputHelper output)
{
    private static readonly RedactionPlan MaskAll = new(RuleSet.Default);

    private static readonly RedactionPlan[] Plans =
    [
        MaskAll, new(RuleSet.Default, new Kind("EMAIL_ADDRESS"), new Kind("PAYMENT_CARD")), new(RuleSet.Default, RuleSet.Default.Kinds),
    ];

    private static readonly (string Delta, string Field)[] Fields = [("text_delta", "text"), ("thinking_delta", "thinking"), ("input_json_delta", "partial_json"), ("new_delta", "brand_new")];

    [Fact]
    [Trait("Category", "Heavy")]
    public void Stream_GivesTheRedactionOfTheJoinedTexts_HoweverItIsCut()
    {
        var masks = 0;
        Gen.Int.Select(Gen.OneOf(Plans)).Sample(
            sample =>
            {
                var (seed, plan) = sample;
                var random = new Random(seed);
                var cuts = new Cuts(random);
                var stop = new[] { "end_turn", "tool_use", "max_tokens", "stop_sequence", "refusal", "brand_new", null }[random.Next(7)];
                using var rewriter = new AnthropicRewriter(plan, null);
                var heard = new Heard();
                Send(rewriter, heard, """{"type":"message_start","message":{"id":"msg_1","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}""");
                var counted = new KindCounts();
                var blocks = random.Next(1, 4);
                var expected = new List<string>();
                for (var i = 0; i < blocks; i++)
                {
                    var (delta, field) = Fields[random.Next(Fields.Length)];
                    var text = cuts.Text();
                    var end = i < blocks - 1 || stop is "end_turn" or "tool_use" ? TextEnd.Finished : TextEnd.CutShort;
                    expected.Add(field == "partial_json" ? JsonTextFilter.RedactWhole(plan, text, end, counted) : Redactor.RedactWhole(plan, text, end, counted));
                    var pieces = cuts.Of(text).ToList();
                    var first = field is "text" or "thinking" && random.Next(3) == 0 ? pieces[0] : string.Empty;
                    Send(rewriter, heard, $$$"""{"type":"content_block_start","index":{{{i}}},"content_block":{"type":"text","{{{(field is "text" or "thinking" ? field : "text")}}}":{{{Quote(first)}}}}}""");
                    foreach (var piece in pieces.Skip(first.Length > 0 ? 1 : 0))
                    {
                        Send(rewriter, heard, $$"""{"index":{{i}},"delta":{"{{field}}":{{Quote(piece)}},"type":"{{delta}}"},"type":"content_block_delta"}""");
                        Maybe();
                        Assert.StartsWith(heard.Texts.GetValueOrDefault(i, string.Empty), expected[i], StringComparison.Ordinal);
                    }

                    Send(rewriter, heard, $$"""{"type":"content_block_stop","index":{{i}}}""");
                    Maybe();
                }

                if (stop is null)
                {
                    var rest = new ArrayBufferWriter<byte>();
                    rewriter.CutShort(rest);
                    heard.Add(rest.WrittenSpan);
                }
                else
                {
                    Send(rewriter, heard, $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{stop}}}"},"usage":{"output_tokens":9}}""");
                    Assert.Equal(StreamStep.Ended, Send(rewriter, heard, """{"type":"message_stop"}"""));
                    Assert.Equal((3L, 9L), (rewriter.Facts.InputTokens, rewriter.Facts.OutputTokens));
                    Assert.Equal(stop == "brand_new" ? "other" : stop, rewriter.Facts.FinishReason);
                }

                for (var i = 0; i < blocks; i++)
                {
                    Assert.Equal(expected[i], heard.Texts.GetValueOrDefault(i, string.Empty));
                }

                Assert.Equal(counted.ToDictionary(), rewriter.Facts.Redactions.ToDictionary());
                Interlocked.Add(ref masks, (int)counted.Total);

                void Maybe()
                {
                    if (random.Next(5) == 0)
                    {
                        Send(rewriter, heard, """{"type":"ping"}""");
                    }
                }
            },
            iter: Counts.Of(100_000, output));
        Assert.True(masks > 500, $"Only {masks} masks: the scenarios test nothing.");
    }

    [Fact]
    public void Events_KeepTheirNamesAndOrder_WithHeldTextBeforeTheEndOfItsBlock()
    {
        using var rewriter = new AnthropicRewriter(MaskAll, null);
        var heard = new Heard();
        Send(rewriter, heard, """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}""");
        Send(rewriter, heard, """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"call +44"}}""");
        Send(rewriter, heard, """{"type":"content_block_stop","index":0}""");
        Assert.DoesNotContain("content_block_stop", heard.Names);
        Send(rewriter, heard, """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":2}}""");
        Send(rewriter, heard, """{"type":"message_stop"}""");

        Assert.Equal(["content_block_start", "content_block_delta", "content_block_delta", "content_block_stop", "message_delta", "message_stop"], heard.Names);
        Assert.Equal("call +44", heard.Texts[0]);
    }

    [Theory]
    [InlineData("""{"type":"brand_new","note":"%"}""")]
    [InlineData("""{"type":"brand_new","note":{"deep":["%"]}}""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"x_delta","x":{"deep":"%"}}}""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"x_delta","x":"a ","y":"%"}}""")]
    public void ValueCutOverUnknownEvents_IsNotShown(string data)
    {
        using var rewriter = new AnthropicRewriter(MaskAll, null);
        var heard = new Heard();
        foreach (var piece in new[] { "pay 4111 11", "11 1111 11", "11 now" })
        {
            Send(rewriter, heard, data.Replace("%", piece, StringComparison.Ordinal));
        }

        Send(rewriter, heard, """{"type":"message_stop"}""");
        Assert.DoesNotContain("11", heard.Raw, StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_IsInspected_InEveryTextButTheStructuralOnes()
    {
        const string answer =
            """
            {"id":"msg_1","type":"message","role":"assistant","model":"m","stop_reason":"tool_use","stop_sequence":"a@b.co","content":[
            {"type":"thinking","thinking":"054-28-6917","signature":"EqQB"},{"type":"text","text":"mail a@b.co","citations":[{"cited_text":"a@b.co"}]},
            {"type":"tool_use","id":"toolu_054-28-6917","name":"pay","input":{"card":4111111111111111,"to":["a@b.co"],"n":1.50}}],
            "usage":{"input_tokens":1,"cache_read_input_tokens":4,"output_tokens":2},"new_field":["054-28-6917"]}
            """;
        using var rewriter = new AnthropicRewriter(MaskAll, new UpstreamIds("secret"u8));
        var written = new ArrayBufferWriter<byte>();
        rewriter.RewriteWhole(Encoding.UTF8.GetBytes(answer), written);
        var root = JsonNode.Parse(written.WrittenSpan)!;

        Assert.DoesNotContain("a@b.co", root.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("[US_SSN]", (string?)root["content"]![0]!["thinking"]);
        Assert.Equal("EqQB", (string?)root["content"]![0]!["signature"]);
        Assert.Equal("[US_SSN]", (string?)root["new_field"]![0]);
        Assert.Equal("""{"card":"[PAYMENT_CARD]","to":["[EMAIL_ADDRESS]"],"n":1.50}""", root["content"]![2]!["input"]!.ToJsonString());
        Assert.Equal("toolu_054-28-6917", (string?)root["content"]![2]!["id"]);
        Assert.StartsWith("msg_pgid_", (string?)root["id"], StringComparison.Ordinal);
        Assert.Equal((5L, 2L, "tool_use"), (rewriter.Facts.InputTokens, rewriter.Facts.OutputTokens, rewriter.Facts.FinishReason));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":7}""")]
    [InlineData("""{"type":"a\nb"}""")]
    [InlineData("""{"type":"4111111111111111"}""")]
    [InlineData("""{"type":"ping","type":"error"}""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"a","t\u0065xt":"b"}}""")]
    [InlineData("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\ud800"}}""")]
    public void Garbage_IsNotReleased(string data)
    {
        using var rewriter = new AnthropicRewriter(MaskAll, null);
        var frames = new ArrayBufferWriter<byte>();

        Assert.Throws<AnswerFormatException>(() => rewriter.RewriteEvent(Encoding.UTF8.GetBytes(data), frames));
        Assert.Equal(0, frames.WrittenCount);
    }

    [Fact]
    public void ErrorOfTheProvider_IsInspected_AfterWhatWasHeld()
    {
        using var rewriter = new AnthropicRewriter(MaskAll, null);
        var heard = new Heard();
        Send(rewriter, heard, """{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"it is 054-28-69"}}""");
        Assert.Equal(StreamStep.Failed, Send(rewriter, heard, """{"type":"error","error":{"type":"overloaded_error","message":"of a@b.co"}}"""));

        Assert.Equal("it is [US_SSN]", heard.Texts[0]);
        Assert.Contains("of [EMAIL_ADDRESS]", heard.Raw, StringComparison.Ordinal);
        var fault = new ArrayBufferWriter<byte>();
        rewriter.WriteFault(fault, new StreamFault("revoked", "The end."));
        Assert.Equal("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"The end.\",\"code\":\"revoked\"}}\n\n", Encoding.UTF8.GetString(fault.WrittenSpan));
    }

    private static StreamStep Send(AnthropicRewriter rewriter, Heard heard, string data)
    {
        var frames = new ArrayBufferWriter<byte>();
        var step = rewriter.RewriteEvent(Encoding.UTF8.GetBytes(data), frames);
        heard.Add(frames.WrittenSpan);
        return step;
    }

    private static string Quote(string text) => JsonValue.Create(text).ToJsonString();

    private sealed class Heard
    {
        internal Dictionary<int, string> Texts { get; } = [];

        internal List<string> Names { get; } = [];

        internal string Raw { get; private set; } = string.Empty;

        internal void Add(ReadOnlySpan<byte> frames)
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(frames);
            Raw += text;
            foreach (var frame in text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
            {
                var lines = frame.Split('\n');
                Assert.Equal(2, lines.Length);
                using var data = JsonDocument.Parse(lines[1]["data: ".Length..], new JsonDocumentOptions { AllowDuplicateProperties = false });
                var type = data.RootElement.GetProperty("type").GetString()!;
                Assert.Equal($"event: {type}", lines[0]);
                Names.Add(type);
                var holder = type switch { "content_block_delta" => "delta", "content_block_start" => "content_block", _ => null };
                foreach (var (_, field) in holder is null ? [] : Fields)
                {
                    var index = data.RootElement.GetProperty("index").GetInt32();
                    Texts[index] = Texts.GetValueOrDefault(index, string.Empty)
                        + (data.RootElement.GetProperty(holder!).TryGetProperty(field, out var piece) && piece.ValueKind == JsonValueKind.String ? piece.GetString() : string.Empty);
                }
            }
        }
    }
}
