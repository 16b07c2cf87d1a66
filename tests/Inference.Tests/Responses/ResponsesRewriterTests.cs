using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Proofgate.Inference.Dialects.Responses;
using Proofgate.Inference.Relay;
using Proofgate.Protection;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Inference.Tests.Responses;

public sealed class ResponsesRewriterTests(ITestOutputHelper output)
{
    private static readonly RedactionPlan MaskAll = new(RuleSet.Default);

    private static readonly RedactionPlan[] Plans =
    [
        MaskAll, new(RuleSet.Default, new Kind("EMAIL_ADDRESS"), new Kind("PAYMENT_CARD")), new(RuleSet.Default, RuleSet.Default.Kinds),
    ];

    [Fact]
    [Trait("Category", "Heavy")]
    public void Stream_GivesTheRedactionOfTheJoinedTexts_AndSaysNothingElseAgain_HoweverItIsCut()
    {
        var (masks, said) = (0L, 0L);
        Gen.Int.Select(Gen.OneOf(Plans)).Sample(
            sample =>
            {
                var (seed, plan) = sample;
                var scenario = new ResponseScenario(seed);
                var counted = new KindCounts();
                var expected = new Dictionary<string, string>();
                for (var i = 0; i < scenario.Texts.Count; i++)
                {
                    var (key, text) = scenario.Texts[i];
                    var end = i < scenario.Texts.Count - 1 || scenario.End == "completed" ? TextEnd.Finished : TextEnd.CutShort;
                    expected[key] = key.EndsWith("arguments", StringComparison.Ordinal)
                        ? JsonTextFilter.RedactWhole(plan, text, end, counted)
                        : Redactor.RedactWhole(plan, text, end, counted);
                }

                using var rewriter = new ResponsesRewriter(plan, null, stopsChosen: false);
                var heard = new HeardResponse();
                var step = StreamStep.Continue;
                foreach (var data in scenario.Events)
                {
                    Assert.Equal(StreamStep.Continue, step);
                    step = Send(rewriter, heard, data);
                    Assert.All(heard.Pieces, p => Assert.StartsWith(p.Value, expected[p.Key], StringComparison.Ordinal));
                }

                Assert.Equal(scenario.End switch { "completed" or "incomplete" => StreamStep.Ended, "nothing" => StreamStep.Continue, _ => StreamStep.Failed }, step);
                if (scenario.End == "nothing")
                {
                    var rest = new ArrayBufferWriter<byte>();
                    rewriter.CutShort(rest);
                    heard.Add(rest.WrittenSpan);
                }

                Assert.All(expected, e => Assert.Equal(e.Value, heard.Pieces.GetValueOrDefault(e.Key, string.Empty)));
                Assert.All(heard.Again, a => Assert.Equal(expected[a.Key], a.Text));
                if (scenario.End is "completed" or "incomplete" or "failed")
                {
                    Assert.Equal((3L, 9L), (rewriter.Facts.InputTokens, rewriter.Facts.OutputTokens));
                    Assert.Equal(scenario.End == "incomplete" ? "max_output_tokens" : scenario.End, rewriter.Facts.FinishReason);
                }

                // The instructions that are echoed are counted once, and so is the error's message.
                Redactor.RedactWhole(plan, "write to a@b.co", TextEnd.Finished, counted);
                if (scenario.End == "error")
                {
                    Redactor.RedactWhole(plan, "for a@b.co", TextEnd.Finished, counted);
                }

                Assert.Equal(counted.ToDictionary(), rewriter.Facts.Redactions.ToDictionary());
                Interlocked.Add(ref masks, counted.Total);
                Interlocked.Add(ref said, heard.Again.Count);
            },
            iter: Counts.Of(100_000, output));
        Assert.True(masks > 500 && said > 500, $"Only {masks} masks and {said} repetitions: the scenarios test nothing.");
    }

    [Fact]
    public void TextThatMayHaveBeenCut_WaitsForWhatComesNext_WithAllThatSaysItAgain()
    {
        using var rewriter = new ResponsesRewriter(MaskAll, null, stopsChosen: false);
        var heard = new HeardResponse();
        Send(rewriter, heard, """{"type":"response.output_text.delta","item_id":"m","output_index":0,"content_index":0,"delta":"it is 054-28-69","sequence_number":4}""");
        Send(rewriter, heard, """{"type":"response.output_text.done","item_id":"m","output_index":0,"content_index":0,"text":"it is 054-28-69","sequence_number":5}""");
        Assert.DoesNotContain("response.output_text.done", heard.Names);
        Send(
            rewriter, heard,
            """{"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},"output":[{"type":"message","content":[{"type":"output_text","text":"it is 054-28-69"}]}]},"sequence_number":6}""");

        Assert.Equal(["response.output_text.delta", "response.output_text.delta", "response.output_text.done", "response.incomplete"], heard.Names);
        Assert.Equal("it is [US_SSN]", heard.Pieces["0/0/text"]);
        Assert.Equal([("0/0/text", "it is [US_SSN]"), ("0/0/text", "it is [US_SSN]")], heard.Again);
        Assert.DoesNotContain("054", heard.Raw, StringComparison.Ordinal);
    }

    [Fact]
    public void SnapshotInMidStream_DoesNotShowWhatIsHeld()
    {
        using var rewriter = new ResponsesRewriter(MaskAll, null, stopsChosen: false);
        var heard = new HeardResponse();
        Send(rewriter, heard, """{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"it is 054","sequence_number":0}""");
        Send(rewriter, heard, """{"type":"response.in_progress","response":{"status":"in_progress","output":[{"content":[{"type":"output_text","text":"it is 054"}]}]},"sequence_number":1}""");
        Assert.DoesNotContain("054", heard.Raw, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"response.brand_new.delta","output_index":0,"delta":"%"}""")]
    [InlineData("""{"type":"response.brand_new","note":{"deep":["%"]}}""")]
    [InlineData("""{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":{"deep":"%"}}""")]
    [InlineData("""{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"a ","obfuscation":"%"}""")]
    public void ValueCutOverUnknownEvents_IsNotShown(string data)
    {
        using var rewriter = new ResponsesRewriter(MaskAll, null, stopsChosen: false);
        var frames = new ArrayBufferWriter<byte>();
        foreach (var piece in new[] { "pay 4111 11", "11 1111 11", "11 now" })
        {
            rewriter.RewriteEvent(Encoding.UTF8.GetBytes(data.Replace("%", piece, StringComparison.Ordinal)), frames);
        }

        rewriter.RewriteEvent("""{"type":"response.completed","response":{"status":"completed"}}"""u8, frames);
        Assert.DoesNotContain("11", Encoding.UTF8.GetString(frames.WrittenSpan), StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_IsInspected_InEveryTextButTheStructuralOnes_AndItsIdsAreWrapped()
    {
        const string answer =
            """
            {"id":"resp_1","object":"response","status":"completed","model":"m","instructions":"for a@b.co","error":null,"output":[
            {"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"054-28-6917"}],"encrypted_content":"gAAAAABk"},
            {"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[{"type":"output_text","text":"mail a@b.co","logprobs":[{"token":"a@b.co"}],
            "annotations":[{"type":"container_file_citation","file_id":"cfile_1","container_id":"cntr_1","filename":"a@b.co.csv"}]}]},
            {"id":"fc_1","type":"function_call","call_id":"call_054-28-6917","name":"pay","arguments":"{\"to\":\"a@b.co\",\"n\":1.50}"}],
            "usage":{"input_tokens":5,"output_tokens":2},"new_field":["054-28-6917"]}
            """;
        var ids = new UpstreamIds("secret"u8);
        using var rewriter = new ResponsesRewriter(MaskAll, ids, stopsChosen: false);
        var written = new ArrayBufferWriter<byte>();
        rewriter.RewriteWhole(Encoding.UTF8.GetBytes(answer), written);
        var root = JsonNode.Parse(written.WrittenSpan)!;
        var items = root["output"]!.AsArray();

        Assert.DoesNotContain("a@b.co", root.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("[US_SSN]", (string?)items[0]!["summary"]![0]!["text"]);
        Assert.Equal("gAAAAABk", (string?)items[0]!["encrypted_content"]);
        Assert.Equal("[US_SSN]", (string?)root["new_field"]![0]);
        Assert.Equal("""{"to":"[EMAIL_ADDRESS]","n":1.50}""", (string?)items[2]!["arguments"]);
        Assert.Equal("call_054-28-6917", (string?)items[2]!["call_id"]);
        Assert.Empty(items[1]!["content"]![0]!["logprobs"]!.AsArray());
        var citation = items[1]!["content"]![0]!["annotations"]![0]!;
        Assert.Equal(
            ["resp_1", "rs_1", "msg_1", "fc_1", "cfile_1", "cntr_1"],
            new[] { root["id"], items[0]!["id"], items[1]!["id"], items[2]!["id"], citation["file_id"], citation["container_id"] }.Select(id => ids.Unwrap((string)id!)));
        Assert.Equal((5L, 2L, "completed"), (rewriter.Facts.InputTokens, rewriter.Facts.OutputTokens, rewriter.Facts.FinishReason));
    }

    [Fact]
    public void WholeThatWasCut_IsMaskedAsSuch_InItsLastItemOnly()
    {
        using var rewriter = new ResponsesRewriter(MaskAll, null, stopsChosen: false);
        var written = new ArrayBufferWriter<byte>();
        rewriter.RewriteWhole(
            """{"status":"incomplete","output":[{"content":[{"type":"output_text","text":"054-28-69"}]},{"content":[{"type":"output_text","text":"054-28-69"}]}]}"""u8, written);
        Assert.Equal(
            """{"status":"incomplete","output":[{"content":[{"type":"output_text","text":"054-28-69"}]},{"content":[{"type":"output_text","text":"[US_SSN]"}]}]}""",
            Encoding.UTF8.GetString(written.WrittenSpan));
    }

    [Fact]
    public void IdsOfAStream_AreTheSameNamesEachTime()
    {
        var ids = new UpstreamIds("secret"u8);
        using var rewriter = new ResponsesRewriter(MaskAll, ids, stopsChosen: false);
        var heard = new HeardResponse();
        Send(rewriter, heard, """{"type":"response.content_part.added","item_id":"msg_1","output_index":0,"content_index":0,"part":{"type":"output_text","text":"it is 054-28-69"},"sequence_number":0}""");
        Send(rewriter, heard, """{"type":"response.output_item.done","output_index":0,"item":{"id":"msg_1","type":"message","content":[{"type":"output_text","text":"it is 054-28-69"}]},"sequence_number":1}""");
        Send(rewriter, heard, """{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[]},"sequence_number":2}""");

        var name = ids.Wrap("msg_1");
        Assert.Equal(3, heard.Raw.Split($"\"{name}\"").Length - 1);
        Assert.DoesNotContain("\"msg_1\"", heard.Raw, StringComparison.Ordinal);
        Assert.Equal(["response.content_part.added", "response.output_text.delta", "response.output_item.done", "response.completed"], heard.Names);
        Assert.Equal("it is 054-28-69", heard.Pieces["0/0/text"]);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[DONE]")]
    [InlineData("{}")]
    [InlineData("""{"type":"response.created","type":"error"}""")]
    [InlineData("""{"type":"response.output_text.delta","delta":"a","d\u0065lta":"b"}""")]
    [InlineData("""{"type":"response.output_text.delta","delta":"\ud800"}""")]
    public void Garbage_IsNotReleased(string data)
    {
        using var rewriter = new ResponsesRewriter(MaskAll, null, stopsChosen: false);
        var frames = new ArrayBufferWriter<byte>();

        Assert.Throws<AnswerFormatException>(() => rewriter.RewriteEvent(Encoding.UTF8.GetBytes(data), frames));
        Assert.Equal(0, frames.WrittenCount);
    }

    [Fact]
    public void Fault_IsTheProtocolsErrorEvent_WithTheNextNumber()
    {
        using var rewriter = new ResponsesRewriter(MaskAll, null, stopsChosen: false);
        Send(rewriter, new HeardResponse(), """{"type":"response.created","response":{"status":"in_progress","output":[]},"sequence_number":7}""");
        var fault = new ArrayBufferWriter<byte>();
        rewriter.WriteFault(fault, new StreamFault("revoked", "The end."));
        Assert.Equal(
            "event: error\ndata: {\"type\":\"error\",\"code\":\"revoked\",\"message\":\"The end.\",\"param\":null,\"sequence_number\":8}\n\n", Encoding.UTF8.GetString(fault.WrittenSpan));
    }

    private static StreamStep Send(ResponsesRewriter rewriter, HeardResponse heard, string data)
    {
        var frames = new ArrayBufferWriter<byte>();
        var step = rewriter.RewriteEvent(Encoding.UTF8.GetBytes(data), frames);
        heard.Add(frames.WrittenSpan);
        return step;
    }
}
