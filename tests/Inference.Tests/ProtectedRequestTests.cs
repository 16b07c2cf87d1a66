using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using Proofgate.Inference.Dialects.Anthropic;
using Proofgate.Inference.Dialects.Embeddings;
using Proofgate.Inference.Dialects.OpenAi;
using Proofgate.Inference.Dialects.Responses;
using Proofgate.Protection;

namespace Proofgate.Inference.Tests;

/// <summary>What is sent is what was looked at: values that may not go are replaced in every text of a request, and all else stays as it was.</summary>
public sealed class ProtectedRequestTests
{
    private static readonly HashSet<Kind> Mails = [new("EMAIL_ADDRESS")];

    public static TheoryData<string, string> Bodies => new()
    {
        { "chat", """{"model":"m","messages":[{"role":"system","content":"for a@b.co"},{"role":"user","content":[{"type":"text","text":"me: a\u0040b.co"}]},{"role":"assistant","tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{\"to\":\"a\\u0040b.co\"}"}}]},{"role":"tool","tool_call_id":"c1","content":"sent to a@b.co"}],"user":"a@b.co","tools":[{"type":"function","function":{"name":"f","description":"as a@b.co","parameters":{"enum":["a@b.co"]}}}],"seed":1.50,"x_unknown":{"k":[1e3,null,"é\/"]}}""" },
        { "responses", """{"model":"m","instructions":"for a@b.co","input":[{"role":"user","content":[{"type":"input_text","text":"a@b.co"}]},{"type":"function_call","call_id":"c","name":"f","arguments":"{\"to\":\"a\\u0040b.co\"}"},{"type":"function_call_output","call_id":"c","output":"a@b.co"}],"seed":1.50,"x_unknown":{"k":[1e3,null,"é\/"]}}""" },
        { "messages", """{"model":"m","max_tokens":5,"system":"for a@b.co","messages":[{"role":"user","content":[{"type":"text","text":"a@b.co"},{"type":"tool_result","tool_use_id":"t","content":"a@b.co"}]},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{"to":"a\u0040b.co"}}]}],"seed":1.50,"x_unknown":{"k":[1e3,null,"é\/"]}}""" },
        { "embeddings", """{"model":"m","input":["a@b.co","of a@b.co"],"seed":1.50,"x_unknown":{"k":[1e3,null,"é\/"]}}""" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Value_IsReplaced_InEveryTextOfEveryDialect_AndTheRestStays(string dialect, string body)
    {
        using var original = Read(dialect, body);
        var map = new PlaceholderMap(RuleSet.Default, Mails, original.AnswersInText);
        var request = original.Protect(map);
        var sent = Sent(request);

        Assert.DoesNotContain("a@b.co", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("u0040", sent, StringComparison.Ordinal);
        Assert.Contains(dialect == "embeddings" ? "[EMAIL_ADDRESS]" : "[EMAIL_ADDRESS_1_", sent, StringComparison.Ordinal);
        Assert.Contains("\"seed\":1.50,\"x_unknown\":{\"k\":[1e3,null,\"é\\/\"]}", sent, StringComparison.Ordinal);
        Assert.Equal(request.AnswersInText ? 1 : 0, map.Count);
        Assert.True(map.Replaced[new("EMAIL_ADDRESS")] >= 2);
        request.VisitTexts((text, _) => Assert.False(map.Leaves(text)), null);
        foreach (var mark in request.AnswersInText ? [map.Protect("a@b.co")] : Array.Empty<string>())
        {
            // Whoever reads it sees the same as before, with the placeholder for the value.
            var expected = JsonNode.Parse(body)!.ToJsonString().Replace("\\u0022a\\\\u0040b.co", $"\\u0022{mark}", StringComparison.Ordinal).Replace("a@b.co", mark, StringComparison.Ordinal);
            foreach (var (name, value) in JsonNode.Parse(expected)!.AsObject().Where(static m => m.Key is not ("store" or "model")))
            {
                Assert.Equal(value!.ToJsonString(), JsonNode.Parse(sent)![name]!.ToJsonString());
            }
        }
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}],"metadata":{"a@b.co":"owner"}}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"prose with a\\u0040b.co"}]}""")]
    public void Value_WhereNoPlaceholderCanStand_IsFoundInWhatWouldBeSent(string body)
    {
        using var original = Read("chat", body);
        var map = new PlaceholderMap(RuleSet.Default, Mails);
        var request = original.Protect(map);
        var left = false;
        request.VisitTexts((text, _) => left |= map.Leaves(text), null);
        Assert.True(left);
    }

    [Fact]
    public void Placeholder_IsNoValueItself_WhateverStandsBeforeIt()
    {
        var map = new PlaceholderMap(RuleSet.Default, RuleSet.Default.Kinds.ToHashSet());
        foreach (var text in new[] { "password: a@b.co", "api_key=a@b.co, SSN: 86.121.97.248", "DOB: 1990-01-02 token 054-28-6917", "[a@b.co] [x] secret \"86.121.97.248\"" })
        {
            Assert.False(map.Leaves(map.Protect(text)), text);
        }
    }

    [Fact]
    public void PlaceholderOfBefore_ThatATextBrings_IsEscaped()
    {
        const string before = "[EMAIL_ADDRESS_1_abcdEF09]";
        using var request = Read("chat", $$"""{"model":"m","messages":[{"role":"user","content":"a@b.co"},{"role":"tool","content":"see {{before}}"}]}""");
        Assert.Contains("see [=EMAIL_ADDRESS_1_abcdEF09]", Sent(request.Protect(new PlaceholderMap(RuleSet.Default, Mails))), StringComparison.Ordinal);
        // Another target may have it as it is.
        Assert.Contains("a@b.co", Sent(request), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chat", """{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}},{"type":"custom","custom":{"name":"c"}}],"functions":[{"name":"old"}]}""", "f,c,old")]
    [InlineData("responses", """{"model":"m","input":"x","tools":[{"type":"function","name":"f"},{"type":"web_search"},{"type":"custom","name":"c"}]}""", "f,c")]
    [InlineData("messages", """{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"x"}],"tools":[{"name":"f","input_schema":{}},{"type":"web_search_20250305","name":"web_search"}]}""", "f")]
    public void ClientTools_AreNamed_AndThoseOfTheProviderAreNot(string dialect, string body, string names)
    {
        using var request = Read(dialect, body);
        Assert.Equal(names, string.Join(",", request.ClientTools));
    }

    private static string Sent(InferenceRequest request)
    {
        var output = new ArrayBufferWriter<byte>();
        request.WriteUpstream(output, "up");
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static InferenceRequest Read(string dialect, string body)
    {
        IDialect speech = dialect switch { "chat" => new OpenAiChat(), "responses" => new OpenAiResponses(), "messages" => new AnthropicMessages(), _ => new OpenAiEmbeddings() };
        return Assert.IsType<DialectRead.Understood>(speech.Read(Encoding.UTF8.GetBytes(body), RequestOrigin.Unknown)).Request;
    }
}
