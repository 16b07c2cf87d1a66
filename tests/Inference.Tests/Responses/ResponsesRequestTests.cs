using System.Buffers;
using System.Text;
using Proofgate.Inference.Dialects.Responses;

namespace Proofgate.Inference.Tests.Responses;

public sealed class ResponsesRequestTests
{
    private const string Minimal = """{"model":"m","input":"hi" """;

    private static readonly UpstreamIds Mine = new("mine"u8);

    [Theory]
    [InlineData("{", 400, "invalid_json")]
    [InlineData("""{"input":"hi"}""", 400, "missing_model")]
    [InlineData("""{"model":"m"}""", 400, "missing_input")]
    [InlineData("""{"model":"m","input":{}}""", 400, "missing_input")]
    [InlineData("""{"model":"m","input":["hi"]}""", 400, "invalid_input")]
    [InlineData(Minimal + ""","stream":"yes"}""", 400, "invalid_type")]
    [InlineData(Minimal + ""","Input":"other"}""", 400, "invalid_json")]
    [InlineData(Minimal + ""","previous_response_id":"resp_1"}""", 400, "unsupported_parameter")]
    [InlineData(Minimal + ""","conversation":{"id":"conv_1"}}""", 400, "unsupported_parameter")]
    [InlineData(Minimal + ""","background":true}""", 400, "unsupported_parameter")]
    [InlineData(Minimal + ""","prompt":{"id":"pmpt_1"}}""", 400, "unsupported_parameter")]
    [InlineData(Minimal + ""","proofgate":{"datasets":[]}}""", 400, "unsupported_parameter")]
    [InlineData(Minimal + ""","tools":{}}""", 400, "invalid_type")]
    [InlineData(Minimal + ""","tools":[{"type":"file_search","vector_store_ids":["vs_1"]}]}""", 400, "unsupported_parameter")]
    [InlineData(Minimal + ""","tools":[{"type":"code_interpreter","container":{"type":"auto","file_ids":["f_1"]}}]}""", 400, "unsupported_parameter")]
    [InlineData(Minimal + ""","tools":[{"type":"code_interpreter","container":"cntr_1"}]}""", 404, "id_not_found")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":[{"type":"input_file","file_id":"f_1"}]}]}""", 400, "unsupported_parameter")]
    [InlineData("""{"model":"m","input":[{"role":"user","content":[{"type":"input_image","file_id":"f_1"}]}]}""", 400, "unsupported_parameter")]
    [InlineData("""{"model":"m","input":[{"type":"item_reference","id":"msg_1"}]}""", 404, "id_not_found")]
    [InlineData("""{"model":"m","input":[{"type":"message","id":"msg_1","role":"assistant","content":"a"}]}""", 404, "id_not_found")]
    [InlineData("""{"model":"m","input":[{"type":"message","id":7,"role":"assistant","content":"a"}]}""", 404, "id_not_found")]
    [InlineData("""{"model":"m","input":[{"type":"mcp_approval_response","approval_request_id":"mcpr_1","approve":true}]}""", 404, "id_not_found")]
    [InlineData("""{"model":"m","input":[{"role":"assistant","content":[{"type":"output_text","text":"a","annotations":[{"file_id":"f_1"}]}]}]}""", 404, "id_not_found")]
    public void Read_Refuses_WhatMustNotBeSentOn(string body, int status, string code) => Assert.Equal((status, code), (Reject(body).Status, Reject(body).Code));

    [Fact]
    public void Id_IsOpenedForTheCallerItWasGivenTo_AndIs404ForAnyOther()
    {
        var given = Mine.Wrap("rs_1");
        var body = $$"""{"model":"m","input":[{"type":"reasoning","id":"{{given}}","summary":[],"x":1.50},{"role":"user","content":"hi"}]}""";
        using var request = Read(body);
        var output = new ArrayBufferWriter<byte>();
        request.WriteUpstream(output, "up");

        Assert.Equal("""{"model":"up","input":[{"type":"reasoning","id":"rs_1","summary":[],"x":1.50},{"role":"user","content":"hi"}],"store":false}""", Encoding.UTF8.GetString(output.WrittenSpan));
        Assert.Equal(404, Reject(body, new UpstreamIds("yours"u8)).Status);
        Assert.Equal(404, Reject(body, null).Status);
        Assert.Equal((400, "unsupported_parameter"), Reject($$"""{"model":"m","input":[{"type":"item_reference","id":"{{given}}"}]}""") is var own ? (own.Status, own.Code) : default);
    }

    [Fact]
    public void WriteUpstream_KeepsEverythingByteForByte_ButModelAndStore()
    {
        var output = new ArrayBufferWriter<byte>();
        Read("""{"model":"m","store":true,"input":[ {"role":"user","content":"caf\u00e9"}],"tools":[{"type":"function","name":"f","parameters":{"file_id":"x","id":"y"}}],"background":false,"x":{"deep":[1.50]},"proofgate":null}""")
            .WriteUpstream(output, "up");
        Assert.Equal(
            """{"model":"up","input":[ {"role":"user","content":"caf\u00e9"}],"tools":[{"type":"function","name":"f","parameters":{"file_id":"x","id":"y"}}],"background":false,"x":{"deep":[1.50]},"store":false}""",
            Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData("""[{"type":"function","name":"f"},{"type":"custom","name":"g"},{"type":"apply_patch"},{"type":"shell","environment":{"type":"local"}}]""", "")]
    [InlineData("""[{"type":"web_search"},{"type":"mcp","server_url":"https://example.com"},{"type":"shell"},{"type":"namespace","tools":[]},{}]""", "mcp,namespace,shell,unknown,web_search")]
    [InlineData("null", "")]
    public void Read_NamesTheToolsThatTheProviderWouldRun(string tools, string hosted) =>
        Assert.Equal(hosted, string.Join(",", Read(Minimal + $$""","tools":{{tools}}}""").HostedTools));

    [Theory]
    [InlineData("\"auto\"", "")]
    [InlineData("""{"type":"function","name":"f"}""", "")]
    [InlineData("""{"type":"web_search_preview"}""", "web_search_preview")]
    public void ToolThatIsOnlyChosen_CountsToo(string choice, string hosted) =>
        Assert.Equal(hosted, string.Join(",", Read(Minimal + $$""","tool_choice":{{choice}}}""").HostedTools));

    [Theory]
    [InlineData("""{"role":"user","content":"a"}""", false)]
    [InlineData("""{"role":"user","content":[{"type":"input_text","text":"a"}]}""", false)]
    [InlineData("""{"type":"function_call_output","call_id":"c","output":"a"}""", false)]
    [InlineData("""{"type":"function_call_output","call_id":"c","output":[{"type":"input_image","image_url":"data:image/png;base64,AAAA"}]}""", true)]
    [InlineData("""{"role":"user","content":[{"type":"input_image","image_url":"https://example.com/a.png"}]}""", true)]
    [InlineData("""{"role":"user","content":[{"type":"input_file","file_url":"https://example.com/a.pdf"}]}""", true)]
    [InlineData("""{"role":"user","content":[{"type":"something_new"}]}""", true)]
    [InlineData("""{"type":"something_new"}""", true)]
    [InlineData("""{"type":"image_generation_call","result":"AAAA"}""", true)]
    public void Read_MarksTheCallOpaque_WhenAPartIsNotText(string item, bool opaque) =>
        Assert.Equal(opaque, Read($$"""{"model":"m","input":[{{item}}]}""").Opaque);

    [Fact]
    public void EveryText_IsShown()
    {
        using var request = Read("""{"model":"m","instructions":"one","input":[{"role":"user","content":"two"},{"type":"function_call_output","call_id":"c","output":"three"}],"tools":[{"type":"function","name":"f","description":"four"}]}""");
        var shown = new List<string>();
        request.VisitTexts(static (text, list) => ((List<string>)list!).Add(text.ToString()), shown);
        Assert.Subset(shown.ToHashSet(), new HashSet<string> { "one", "two", "three", "four" });
    }

    private static InferenceRequest Read(string body) =>
        Assert.IsType<DialectRead.Understood>(new OpenAiResponses().Read(Encoding.UTF8.GetBytes(body), new RequestOrigin { Ids = Mine })).Request;

    private static DialectRead.Rejected Reject(string body) => Reject(body, Mine);

    private static DialectRead.Rejected Reject(string body, UpstreamIds? ids) =>
        Assert.IsType<DialectRead.Rejected>(new OpenAiResponses().Read(Encoding.UTF8.GetBytes(body), new RequestOrigin { Ids = ids }));
}
