using System.Text.Json.Nodes;

namespace Proofgate.SelfHost.SampleModel;

/// <summary>Answers Anthropic messages, and counts their tokens.</summary>
internal sealed class SampleMessages(TimeSpan tokenDelay, TimeProvider time)
{
    internal Task AnswerAsync(HttpContext http) => SampleHttp.AnswerAsync(
        http, "messages", question => question.Stream ? StreamAsync(http, question) : SampleHttp.WriteAsync(http, Message(question, [Block(question, whole: true)])));

    internal static Task CountAsync(HttpContext http) => SampleHttp.AnswerAsync(
        http, "messages", question => SampleHttp.WriteAsync(http, new JsonObject { ["input_tokens"] = SampleText.PromptTokens(question) }));

    private async Task StreamAsync(HttpContext http, SampleQuestion question)
    {
        await SampleHttp.EventAsync(http, new JsonObject { ["type"] = "message_start", ["message"] = Message(question, []) });
        await SampleHttp.EventAsync(http, new JsonObject { ["type"] = "content_block_start", ["index"] = 0, ["content_block"] = Block(question, whole: false) });
        var (type, member) = question.Tool is null ? ("text_delta", "text") : ("input_json_delta", "partial_json");
        foreach (var piece in SampleText.Pieces(question.Tool?.Arguments ?? SampleText.Of(question)))
        {
            await SampleHttp.EventAsync(http, new JsonObject { ["type"] = "content_block_delta", ["index"] = 0, ["delta"] = new JsonObject { ["type"] = type, [member] = piece } });
            await Task.Delay(tokenDelay, time, http.RequestAborted);
        }

        await SampleHttp.EventAsync(http, new JsonObject { ["type"] = "content_block_stop", ["index"] = 0 });
        await SampleHttp.EventAsync(http, new JsonObject
        {
            ["type"] = "message_delta",
            ["delta"] = new JsonObject { ["stop_reason"] = ReasonOf(question), ["stop_sequence"] = null },
            ["usage"] = new JsonObject { ["output_tokens"] = AnswerTokens(question) },
        });
        await SampleHttp.EventAsync(http, new JsonObject { ["type"] = "message_stop" });
    }

    private JsonObject Message(SampleQuestion question, JsonArray content)
    {
        var done = content.Count > 0;
        return new JsonObject
        {
            ["id"] = $"msg_{Guid.CreateVersion7(time.GetUtcNow()):N}",
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = question.Model,
            ["content"] = content,
            ["stop_reason"] = done ? ReasonOf(question) : null,
            ["stop_sequence"] = null,
            ["usage"] = new JsonObject { ["input_tokens"] = SampleText.PromptTokens(question), ["output_tokens"] = done ? AnswerTokens(question) : 1 },
        };
    }

    private static JsonObject Block(SampleQuestion question, bool whole) => question.Tool is { } tool
        ? new JsonObject { ["type"] = "tool_use", ["id"] = "toolu_sample", ["name"] = tool.Name, ["input"] = whole ? JsonNode.Parse(tool.Arguments) : new JsonObject() }
        : new JsonObject { ["type"] = "text", ["text"] = whole ? SampleText.Of(question) : string.Empty };

    private static string ReasonOf(SampleQuestion question) => question.Tool is null ? "end_turn" : "tool_use";

    private static int AnswerTokens(SampleQuestion question) => SampleText.Pieces(SampleText.Of(question)).Count;
}
