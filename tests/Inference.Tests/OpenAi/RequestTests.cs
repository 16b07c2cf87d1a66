using System.Buffers;
using System.Text;
using System.Text.Json;
using Proofgate.Inference.Dialects.OpenAi;

namespace Proofgate.Inference.Tests.OpenAi;

public sealed class RequestTests
{
    private const string Minimal = """{"model":"m","messages":[{"role":"user","content":"hi"}]""";

    [Theory]
    [InlineData("", "invalid_json")]
    [InlineData("null", "invalid_json")]
    [InlineData("[]", "invalid_json")]
    [InlineData("{", "invalid_json")]
    [InlineData("""{"model":"m","messages":[{}]} x""", "invalid_json")]
    [InlineData("""{"model":"m","model":"n","messages":[{}]}""", "invalid_json")]
    [InlineData("""{"model":"m","mod\u0065l":"n","messages":[{}]}""", "invalid_json")]
    [InlineData("""{"model":"m","messages":[{"content":"a","content":"b"}]}""", "invalid_json")]
    [InlineData("""{"model":"m","messages":[{"content":"\ud83d"}]}""", "invalid_json")]
    [InlineData("""{"model":"\udc00","messages":[{"content":"a"}]}""", "invalid_json")]
    [InlineData("""{"model":"m","messages":[{"\ud83d":"a"}]}""", "invalid_json")]
    [InlineData("""{"model":"m","messages":[{}],"\ud83d":1,"\ud83d":2}""", "invalid_json")]
    [InlineData("""{"model":"m","messages":[{}],"tools":[{"type":"\ud83d"}]}""", "invalid_json")]
    [InlineData("""{"model":"m","messages":[{}],}""", "invalid_json")]
    [InlineData("""{"messages":[{}]}""", "missing_model")]
    [InlineData("""{"model":"","messages":[{}]}""", "missing_model")]
    [InlineData("""{"model":7,"messages":[{}]}""", "missing_model")]
    [InlineData("""{"model":"m"}""", "missing_messages")]
    [InlineData("""{"model":"m","messages":[]}""", "missing_messages")]
    [InlineData("""{"model":"m","messages":"hi"}""", "missing_messages")]
    [InlineData(Minimal + ""","stream":"true"}""", "invalid_type")]
    [InlineData(Minimal + ""","stream":1}""", "invalid_type")]
    [InlineData(Minimal + ""","stream_options":[]}""", "invalid_type")]
    [InlineData(Minimal + ""","stream_options":{"include_usage":"yes"}}""", "invalid_type")]
    [InlineData(Minimal + ""","Model":"other"}""", "invalid_json")]
    [InlineData(Minimal + ""","\u017ftream":true}""", "invalid_json")]
    [InlineData(Minimal + ""","Store":true}""", "invalid_json")]
    [InlineData(Minimal + ""","bac\u212aground":true}""", "invalid_json")]
    [InlineData(Minimal + ""","previous_response_id":"resp_1"}""", "unsupported_parameter")]
    [InlineData(Minimal + ""","conversation":{"id":"c"}}""", "unsupported_parameter")]
    [InlineData(Minimal + ""","background":true}""", "unsupported_parameter")]
    [InlineData(Minimal + ""","web_search_options":{}}""", "unsupported_parameter")]
    [InlineData(Minimal + ""","data_sources":[{"type":"azure_search"}]}""", "unsupported_parameter")]
    [InlineData(Minimal + ""","proofgate":{"datasets":[]}}""", "unsupported_parameter")]
    [InlineData(Minimal + ""","proofgate":[]}""", "unsupported_parameter")]
    [InlineData(Minimal + ""","proofgate":{"lineage":"t"}}""", "invalid_lineage")]
    [InlineData(Minimal + ""","proofgate":{"lineage":[null]}}""", "invalid_lineage")]
    [InlineData(Minimal + ""","proofgate":{"lineage":["t"],"datasets":[{"name":""}]}}""", "unsupported_parameter")]
    [InlineData(Minimal + ""","Proofgate":{"lineage":["t"]}}""", "invalid_json")]
    [InlineData(Minimal + ""","tools":[{"type":"web_search"}]}""", "unsupported_parameter")]
    [InlineData(Minimal + ""","tools":[{"type":"function"},{"type":"code_interpreter"}]}""", "unsupported_parameter")]
    [InlineData(Minimal + ""","tools":[{}]}""", "unsupported_parameter")]
    [InlineData(Minimal + ""","tools":{"type":"function"}}""", "invalid_type")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","audio":{"id":"audio_1"}}]}""", "unsupported_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"file","file":{"file_id":"file-1"}}]}]}""", "unsupported_parameter")]
    public void Read_Refuses_WhatMustNotBeSentOn(string body, string code)
    {
        var rejected = Reject(body);

        Assert.Equal((400, code), (rejected.Status, rejected.Code));
        Assert.EndsWith(".", rejected.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Refuses_BytesThatAreNotUtf8()
    {
        byte[] body = [.. """{"model":"m","messages":[{"content":" """u8, 0xC3, 0x28, .. "\"}]}"u8];

        Assert.Equal("invalid_json", Assert.IsType<DialectRead.Rejected>(new OpenAiChat().Read(body)).Code);
        Assert.Equal("invalid_json", Assert.IsType<DialectRead.Rejected>(new OpenAiChat().Read((byte[])[0xEF, 0xBB, 0xBF, .. "{}"u8])).Code);
    }

    [Theory]
    [InlineData(60, true)]
    [InlineData(64, false)]
    public void Read_Refuses_NestingBeyondTheLimit(int brackets, bool understood)
    {
        var body = Minimal + ",\"x\":" + new string('[', brackets) + new string(']', brackets) + "}";

        Assert.Equal(understood, new OpenAiChat().Read(Encoding.UTF8.GetBytes(body)) is DialectRead.Understood);
    }

    [Fact]
    public void Read_RefusesWith413_OneCharacterBeyondOneMebibyteOfText()
    {
        // Every string and name counts: those of the body around the text too.
        var around = Read("""{"model":"m","messages":[{"content":""}]}""").TextLength;
        var fits = new string('x', (int)(1024 * 1024 - around));

        Assert.Equal(1024 * 1024, Read($$"""{"model":"m","messages":[{"content":"{{fits}}"}]}""").TextLength);
        var rejected = Reject($$"""{"model":"m","messages":[{"content":"{{fits}}x"}]}""");
        Assert.Equal((413, "prompt_too_large"), (rejected.Status, rejected.Code));
    }

    [Theory]
    [InlineData("""[{"type":"text","text":"a"}]""", false)]
    [InlineData("""[{"type":"refusal","refusal":"a"}]""", false)]
    [InlineData("""["a"]""", false)]
    [InlineData("""[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]""", true)]
    [InlineData("""[{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}]""", true)]
    [InlineData("""[{"type":"file","file":{"file_data":"AAAA"}}]""", true)]
    [InlineData("""[{"type":"text","text":"a","image_url":{"url":"data:,"}}]""", true)]
    [InlineData("""[{"image_url":"https://example.com/a.png"}]""", true)]
    [InlineData("""[{"type":"input_image","source":{"data":"AAAA"}}]""", true)]
    [InlineData("""[{"type":"image\u005furl","image\u005furl":{"url":"data:,"}}]""", true)]
    public void Read_MarksTheCallOpaque_WhenAPartIsNotText(string content, bool opaque) =>
        Assert.Equal(opaque, Read($$"""{"model":"m","messages":[{"role":"user","content":{{content}}}]}""").Opaque);

    [Theory]
    [InlineData("""["text"]""", false)]
    [InlineData("""["text","audio"]""", true)]
    public void Read_MarksTheCallOpaque_WhenSoundIsAskedFor(string modalities, bool opaque) =>
        Assert.Equal(opaque, Read(Minimal + $$""","modalities":{{modalities}}}""").Opaque);

    [Fact]
    public void VisitTexts_ShowsEveryStringAndName_AndNoDataOfOpaqueParts()
    {
        const string body =
            """
            {"model":"m","messages":[{"role":"system","content":"s\u0079s"},{"role":"user","content":[{"type":"image_url","note":"beside","image_url":{"url":"data:,hidden"}}]},
            {"role":"tool","tool_call_id":"t1","content":"result"},{"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":"{\"a\":1}"}}]}],
            "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"file":{"enum":["one"]}}}}}],"user":"u","metadata":{"k":"😀"},"n":2}
            """;
        var seen = Texts(body);

        Assert.Subset(seen, new HashSet<string> { "sys", "beside", "result", "t1", "{\"a\":1}", "one", "u", "😀", "k", "file", "properties" });
        Assert.DoesNotContain(seen, static t => t.Contains("hidden", StringComparison.Ordinal));
    }

    [Fact]
    public void Estimate_CountsPromptAndAnswers_ByTheRequestsOwnLimits()
    {
        var plain = Read(Minimal + "}").EstimatedTokens;
        Assert.Equal(plain + (3 * 100) - 1024, Read(Minimal + ""","n":3,"max_tokens":100}""").EstimatedTokens, 10.0);
        Assert.Equal(plain + 50 - 1024, Read(Minimal + ""","max_completion_tokens":50,"max_tokens":100}""").EstimatedTokens, 20.0);
        Assert.True(Read(Minimal + ""","n":-5,"max_tokens":-100}""").EstimatedTokens >= 0);
        Assert.True(Read(Minimal + ""","n":9223372036854775807,"max_tokens":9223372036854775807}""").EstimatedTokens > 1_000_000);
    }

    [Fact]
    public void WriteUpstream_KeepsUnknownMembersByteForByte_AndSetsOurs()
    {
        const string body =
            """{"model":"public","store":true,"messages":[ {"role":"user" ,"content":"caf\u00e9 </b>"} ],"temperature":1.0e0,"x":{"deep":[1.50, "a\/b"]},"proofgate":null,"stream":true,"stream_options":{"include_usage":false,"include_obfuscation":false}}""";

        Assert.Equal(
            """{"model":"upstream-name","messages":[ {"role":"user" ,"content":"caf\u00e9 </b>"} ],"temperature":1.0e0,"x":{"deep":[1.50, "a\/b"]},"stream":true,"store":false,"stream_options":{"include_obfuscation":false,"include_usage":true}}""",
            Write(body));
    }

    [Fact]
    public void WriteUpstream_AsksForNoUsage_OfAPlainAnswer() =>
        Assert.Equal("""{"model":"upstream-name","messages":[{"role":"user","content":"hi"}],"store":false}""", Write(Minimal + ""","stream_options":null}"""));

    [Theory]
    [InlineData("""{"mod\u0065l":"public","messages":[{}],"st\u006fre":true,"pr\u006fofgate":null}""")]
    public void WriteUpstream_LeavesNothingOfOurs_HoweverItIsSpelt(string body)
    {
        using var sent = JsonDocument.Parse(Write(body));

        Assert.Equal(["model", "messages", "store"], sent.RootElement.EnumerateObject().Select(static m => m.Name));
        Assert.Equal("upstream-name", sent.RootElement.GetProperty("model").GetString());
        Assert.False(sent.RootElement.GetProperty("store").GetBoolean());
    }

    [Fact]
    public void WriteUpstream_SendsWhatWasInspected_AndNothingElse()
    {
        const string body = """{"model":"m","messages":[{"role":"user","content":"one"}],"a":{"b":["two",{"c":"three"}]}}""";
        var inspected = Texts(body);
        using var sent = JsonDocument.Parse(Write(body));

        Assert.All(Strings(sent.RootElement).Except(["upstream-name"]), s => Assert.Contains(s, inspected));
    }

    private static HashSet<string> Texts(string body)
    {
        var seen = new HashSet<string>();
        Read(body).VisitTexts(static (text, state) => ((HashSet<string>)state!).Add(text.ToString()), seen);
        return seen;
    }

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Object => element.EnumerateObject().SelectMany(static m => Strings(m.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        _ => [],
    };

    private static InferenceRequest Read(string body) =>
        Assert.IsType<DialectRead.Understood>(new OpenAiChat().Read(Encoding.UTF8.GetBytes(body))).Request;

    private static DialectRead.Rejected Reject(string body) =>
        Assert.IsType<DialectRead.Rejected>(new OpenAiChat().Read(Encoding.UTF8.GetBytes(body)));

    private static string Write(string body)
    {
        var output = new ArrayBufferWriter<byte>();
        Read(body).WriteUpstream(output, "upstream-name");
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
