using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Proofgate.Inference.Dialects.Embeddings;
using Proofgate.Protection;

namespace Proofgate.Inference.Tests.Embeddings;

public sealed class EmbeddingsTests
{
    private static readonly RedactionPlan MaskAll = new(RuleSet.Default);

    [Theory]
    [InlineData("""{"model":"m"}""", "invalid_input")]
    [InlineData("""{"model":"m","input":[]}""", "invalid_input")]
    [InlineData("""{"model":"m","input":[[]]}""", "invalid_input")]
    [InlineData("""{"model":"m","input":{"text":"a"}}""", "invalid_input")]
    [InlineData("""{"model":"m","input":["a",1]}""", "invalid_input")]
    [InlineData("""{"model":"m","input":[[1],"a"]}""", "invalid_input")]
    [InlineData("""{"model":"m","input":[[1,"a"]]}""", "invalid_input")]
    [InlineData("""{"model":"m","input":null}""", "invalid_input")]
    [InlineData("""{"input":"a"}""", "missing_model")]
    [InlineData("""{"model":"m","input":"a","Input":"b"}""", "invalid_json")]
    [InlineData("""{"model":"m","input":"a","stream":true}""", "invalid_type")]
    [InlineData("""{"model":"m","input":"a","proofgate":{"datasets":[]}}""", "unsupported_parameter")]
    [InlineData("""{"model":"m","input":"a","proofgate":{"datasets":[{"name":"customers"}]}}""", "unsupported_parameter")]
    public void Read_Refuses_WhatMustNotBeSentOn(string body, string code) =>
        Assert.Equal((400, code), (Reject(body).Status, Reject(body).Code));

    [Theory]
    [InlineData("\"mail a@b.co\"", false, "mail a@b.co")]
    [InlineData("""["a","mail a@b.co"]""", false, "a|mail a@b.co")]
    [InlineData("[15339,1917]", true, "")]
    [InlineData("[[15339],[1917,2]]", true, "")]
    public void Read_ShowsEachText_AndTokensAreOpaque(string input, bool opaque, string texts)
    {
        using var request = Read($$"""{"model":"m","input":{{input}}}""");
        var shown = new List<string>();
        request.VisitTexts(static (text, list) => ((List<string>)list!).Add(text.ToString()), shown);

        Assert.Equal(opaque, request.Opaque);
        Assert.Equal(texts, string.Join("|", shown.Skip(3)));
    }

    [Fact]
    public void Read_CountsTokensAsWhatTheyCost_AndTooManyAreTooMuch()
    {
        using var request = Read("""{"model":"m","input":[[1,2],[3,4,5]]}""");
        Assert.InRange(request.EstimatedTokens, 5, 12);
        var tooMany = $$"""{"model":"m","input":[{{string.Join(',', Enumerable.Repeat("1", (1024 * 1024) + 1))}}]}""";
        Assert.Equal((413, "prompt_too_large"), (Reject(tooMany).Status, Reject(tooMany).Code));
    }

    [Fact]
    public void Deployment_StandsAboveTheBodysModel()
    {
        var read = new OpenAiEmbeddings().Read("""{"model":"other","input":"a"}"""u8.ToArray(), new RequestOrigin { Deployment = "mine" });
        Assert.Equal("mine", Assert.IsType<DialectRead.Understood>(read).Request.Model);
    }

    [Fact]
    public void WriteUpstream_KeepsEverythingByteForByte_ButTheModel()
    {
        var output = new ArrayBufferWriter<byte>();
        Read("""{"input":["caf\u00e9"],"model":"m","encoding_format":"base64","dimensions":256.0,"x":[1.50],"proofgate":null}""").WriteUpstream(output, "upstream-name");

        Assert.Equal(
            """{"input":["caf\u00e9"],"model":"upstream-name","encoding_format":"base64","dimensions":256.0,"x":[1.50]}""", Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("[0.25,-0.50,1e-3]")]
    [InlineData("\"AACAPgAAAL8=\"")]
    public void Vectors_StayByteForByte(string vector)
    {
        var answer = $$$"""{"object":"list","data":[{"object":"embedding","index":0,"embedding":{{{vector}}}}],"model":"m","usage":{"prompt_tokens":8,"total_tokens":8}}""";
        var (written, facts) = Rewrite(answer);

        Assert.Equal(answer, written);
        Assert.Equal((8L, 0L), (facts.InputTokens, facts.OutputTokens));
    }

    [Theory]
    [InlineData("""{"data":[{"embedding":"to a@b.co"}]}""", """{"data":[{"embedding":"to [EMAIL_ADDRESS]"}]}""")]
    [InlineData("""{"data":[{"embedding":["a@b.co"]}],"note":{"deep":["054-28-6917"]}}""", """{"data":[{"embedding":["[EMAIL_ADDRESS]"]}],"note":{"deep":["[US_SSN]"]}}""")]
    [InlineData("""{"error":{"message":"for a@b.co","code":null}}""", """{"error":{"message":"for [EMAIL_ADDRESS]","code":null}}""")]
    public void TextInAnAnswer_IsInspected(string answer, string released) => Assert.Equal(released, Rewrite(answer).Written);

    [Fact]
    public void IdOfAnAnswer_IsWrapped()
    {
        var id = (string)JsonNode.Parse(Rewrite("""{"id":"embd-1","data":[]}""").Written)!["id"]!;
        Assert.Equal("embd-1", new UpstreamIds("secret"u8).Unwrap(id));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("""{"data":[],"data":[]}""")]
    public void Garbage_IsNotReleased(string answer) => Assert.Throws<AnswerFormatException>(() => Rewrite(answer));

    private static (string Written, AnswerFacts Facts) Rewrite(string answer)
    {
        using var rewriter = new EmbeddingsRewriter(MaskAll, new UpstreamIds("secret"u8));
        var written = new ArrayBufferWriter<byte>();
        rewriter.RewriteWhole(Encoding.UTF8.GetBytes(answer), written);
        return (Encoding.UTF8.GetString(written.WrittenSpan), rewriter.Facts);
    }

    private static InferenceRequest Read(string body) =>
        Assert.IsType<DialectRead.Understood>(new OpenAiEmbeddings().Read(Encoding.UTF8.GetBytes(body), RequestOrigin.Unknown)).Request;

    private static DialectRead.Rejected Reject(string body) =>
        Assert.IsType<DialectRead.Rejected>(new OpenAiEmbeddings().Read(Encoding.UTF8.GetBytes(body), RequestOrigin.Unknown));
}
