using System.Buffers;
using System.Text;
using Proofgate.Inference.Dialects.Anthropic;

namespace Proofgate.Inference.Tests.Anthropic;

public sealed class AnthropicRequestTests
{
    private const string Minimal = """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"hi"}]""";

    [Theory]
    [InlineData("{", "invalid_json")]
    [InlineData("""{"messages":[{}]}""", "missing_model")]
    [InlineData("""{"model":"m","messages":[]}""", "missing_messages")]
    [InlineData(Minimal + ""","stream":"yes"}""", "invalid_type")]
    [InlineData(Minimal + ""","Model":"other"}""", "invalid_json")]
    [InlineData(Minimal + ""","model":"other"}""", "invalid_json")]
    [InlineData(Minimal + ""","container":"c_1"}""", "unsupported_parameter")]
    [InlineData(Minimal + ""","tools":7}""", "invalid_type")]
    [InlineData(Minimal + ""","proofgate":{"datasets":[]}}""", "unsupported_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"f_1"}}]}]}""", "unsupported_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"tool_result","content":[{"type":"image","source":{"type":"file","file_id":"f_1"}}]}]}]}""", "unsupported_parameter")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"container_upload","file_id":"f_1"}]}]}""", "unsupported_parameter")]
    public void Read_Refuses_WhatMustNotBeSentOn(string body, string code) =>
        Assert.Equal((400, code), (Reject(body).Status, Reject(body).Code));

    [Theory]
    [InlineData("""[{"name":"f","input_schema":{}}]""", "")]
    [InlineData("""[{"type":"custom","name":"f"},{"type":"bash_20250124","name":"bash"},{"type":null,"name":"g"}]""", "")]
    [InlineData("""[{"type":"web_search_20250305","name":"web_search"},{"type":7}]""", "unknown,web_search_20250305")]
    public void Read_NamesTheToolsThatTheProviderWouldRun(string tools, string hosted) =>
        Assert.Equal(hosted, string.Join(",", Read(Minimal + $$""","tools":{{tools}}}""").HostedTools));

    [Fact]
    public void Read_NamesRemoteServersAsATool() =>
        Assert.Equal(["mcp"], Read(Minimal + ""","mcp_servers":[{"url":"https://example.com"}]}""").HostedTools);

    [Theory]
    [InlineData("""[{"type":"text","text":"a"},{"type":"thinking","thinking":"b","signature":"c"}]""", false)]
    [InlineData("""[{"type":"tool_result","tool_use_id":"t","content":[{"type":"text","text":"a"}]}]""", false)]
    [InlineData("""[{"type":"document","source":{"type":"text","media_type":"text/plain","data":"a"}}]""", false)]
    [InlineData("""[{"type":"tool_result","tool_use_id":"t","content":[{"type":"image","source":{"type":"url","url":"https://example.com/a"}}]}]""", true)]
    [InlineData("""[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]""", true)]
    [InlineData("""[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AAAA"}}]""", true)]
    [InlineData("""[{"type":"something_new"}]""", true)]
    public void Read_MarksTheCallOpaque_WhenAPartIsNotText(string content, bool opaque) =>
        Assert.Equal(opaque, Read($$"""{"model":"m","messages":[{"role":"user","content":{{content}}}]}""").Opaque);

    [Fact]
    public void WriteUpstream_KeepsEverythingByteForByte_ButTheModel()
    {
        var output = new ArrayBufferWriter<byte>();
        Read("""{"model":"m","max_tokens":5.0e0,"system":[ {"type":"text","text":"caf\u00e9"}],"messages":[{"role":"user","content":"hi"}],"x":{"deep":[1.50]},"proofgate":null}""")
            .WriteUpstream(output, "upstream-name");

        Assert.Equal(
            """{"model":"upstream-name","max_tokens":5.0e0,"system":[ {"type":"text","text":"caf\u00e9"}],"messages":[{"role":"user","content":"hi"}],"x":{"deep":[1.50]}}""",
            Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Fact]
    public void Count_IsNotStreamed_AndReservesNothing()
    {
        Assert.Equal("invalid_type", Assert.IsType<DialectRead.Rejected>(new AnthropicTokenCount().Read(Encoding.UTF8.GetBytes(Minimal + ""","stream":true}"""), RequestOrigin.Unknown)).Code);
        Assert.Equal(0, Assert.IsType<DialectRead.Understood>(new AnthropicTokenCount().Read(Encoding.UTF8.GetBytes(Minimal + "}"), RequestOrigin.Unknown)).Request.EstimatedTokens);
    }

    [Theory]
    [InlineData(null, "", true)]
    [InlineData("2026-10-21", "", true)]
    [InlineData("2023-06-01", "interleaved-thinking-2025-05-14|mcp-client-2025-11-20", true)]
    [InlineData("2023-01-01", "", false)]
    [InlineData("2023-06-01, 2023-01-01", "", false)]
    [InlineData(null, "files-api-2025-04-14", false)]
    [InlineData(null, "server-side-fallback-2026-07-01", false)]
    [InlineData(null, "interleaved-thinking", false)]
    [InlineData(null, "interleaved-thinking-2025-05-14\r\nx-api-key: a", false)]
    [InlineData(null, "interleaved-thinking-2025-05-14|brand-new-2027-01-01", false)]
    public void Header_IsTakenIfItsBetasAreListed_AndElseRefused(string? version, string betas, bool taken)
    {
        var origin = new RequestOrigin { Version = version, Betas = betas.Split('|', StringSplitOptions.RemoveEmptyEntries) };
        var read = new AnthropicMessages().Read(Encoding.UTF8.GetBytes(Minimal + "}"), origin);
        if (taken)
        {
            var request = Assert.IsType<DialectRead.Understood>(read).Request;
            Assert.Equal((version ?? "2023-06-01", betas), (request.Version, string.Join('|', request.Betas)));
        }
        else
        {
            Assert.StartsWith("unsupported_", Assert.IsType<DialectRead.Rejected>(read).Code, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Id_OpensForTheCallerItWasGivenTo_AndNobodyElse()
    {
        var (mine, yours) = (new UpstreamIds("mine"u8), new UpstreamIds("yours"u8));
        var name = mine.Wrap("msg_secret");

        Assert.Equal(name, mine.Wrap("msg_secret"));
        Assert.NotEqual(name, yours.Wrap("msg_secret"));
        Assert.Equal("msg_secret", mine.Unwrap(name));
        Assert.Null(yours.Unwrap(name));
        Assert.All(["msg_secret", "", "pgid_", "msg_pgid_!", "rs_" + name[4..], name + "A", name[..^4]], n => Assert.Null(mine.Unwrap(n)));
        Assert.DoesNotContain("secret", name, StringComparison.Ordinal);
    }

    private static InferenceRequest Read(string body) =>
        Assert.IsType<DialectRead.Understood>(new AnthropicMessages().Read(Encoding.UTF8.GetBytes(body), RequestOrigin.Unknown)).Request;

    private static DialectRead.Rejected Reject(string body) =>
        Assert.IsType<DialectRead.Rejected>(new AnthropicMessages().Read(Encoding.UTF8.GetBytes(body), RequestOrigin.Unknown));
}
