using System.Text.Json.Nodes;

namespace Proofgate.SelfHost.SampleModel;

/// <summary>Answers OpenAI responses.</summary>
internal sealed class SampleResponses(TimeSpan tokenDelay, TimeProvider time)
{
    internal Task AnswerAsync(HttpContext http) => SampleHttp.AnswerAsync(http, "input", question =>
    {
        var head = new SampleHead($"resp_{Guid.CreateVersion7(time.GetUtcNow()):N}", time.GetUtcNow().ToUnixTimeSeconds(), question.Model);
        return question.Stream ? StreamAsync(http, head, question) : SampleHttp.WriteAsync(http, Response(head, question, done: true));
    });

    private async Task StreamAsync(HttpContext http, SampleHead head, SampleQuestion question)
    {
        var sequence = 0;
        var said = question.Tool?.Arguments ?? SampleText.Of(question);
        var stem = question.Tool is null ? "response.output_text" : "response.function_call_arguments";
        await SendAsync("response.created", new JsonObject { ["response"] = Response(head, question, done: false) });
        await SendAsync("response.output_item.added", new JsonObject { ["output_index"] = 0, ["item"] = Item(question, null) });
        if (question.Tool is null)
        {
            await SendAsync("response.content_part.added", Place(("part", Part(string.Empty))));
        }

        foreach (var piece in SampleText.Pieces(said))
        {
            await SendAsync($"{stem}.delta", Place(("delta", piece)));
            await Task.Delay(tokenDelay, time, http.RequestAborted);
        }

        await SendAsync($"{stem}.done", Place((question.Tool is null ? "text" : "arguments", said)));
        if (question.Tool is null)
        {
            await SendAsync("response.content_part.done", Place(("part", Part(said))));
        }

        await SendAsync("response.output_item.done", new JsonObject { ["output_index"] = 0, ["item"] = Item(question, said) });
        await SendAsync("response.completed", new JsonObject { ["response"] = Response(head, question, done: true) });

        JsonObject Place((string Name, JsonNode Value) member)
        {
            var place = new JsonObject { ["item_id"] = IdOf(question), ["output_index"] = 0, [member.Name] = member.Value };
            if (question.Tool is null)
            {
                place["content_index"] = 0;
            }

            return place;
        }

        Task SendAsync(string type, JsonObject data)
        {
            data["type"] = type;
            data["sequence_number"] = sequence++;
            return SampleHttp.EventAsync(http, data);
        }
    }

    private static JsonObject Response(SampleHead head, SampleQuestion question, bool done) => new()
    {
        ["id"] = head.Id,
        ["object"] = "response",
        ["created_at"] = head.Created,
        ["status"] = done ? "completed" : "in_progress",
        ["error"] = null,
        ["incomplete_details"] = null,
        ["model"] = head.Model,
        ["output"] = done ? new JsonArray(Item(question, question.Tool?.Arguments ?? SampleText.Of(question))) : new JsonArray(),
        ["parallel_tool_calls"] = true,
        ["store"] = false,
        ["tool_choice"] = "auto",
        ["tools"] = new JsonArray(),
        ["usage"] = done ? Usage(question) : null,
    };

    /// <param name="question">Whose answer it is.</param>
    /// <param name="said">Null while it has only begun.</param>
    private static JsonObject Item(SampleQuestion question, string? said)
    {
        var status = said is null ? "in_progress" : "completed";
        return question.Tool is { } tool
            ? new JsonObject
            {
                ["id"] = IdOf(question),
                ["type"] = "function_call",
                ["status"] = status,
                ["call_id"] = "call_sample",
                ["name"] = tool.Name,
                ["arguments"] = said ?? string.Empty,
            }
            : new JsonObject
            {
                ["id"] = IdOf(question),
                ["type"] = "message",
                ["status"] = status,
                ["role"] = "assistant",
                ["content"] = said is null ? new JsonArray() : new JsonArray(Part(said)),
            };
    }

    private static JsonObject Part(string text) => new() { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray() };

    private static string IdOf(SampleQuestion question) => question.Tool is null ? "msg_sample" : "fc_sample";

    private static JsonObject Usage(SampleQuestion question)
    {
        var (input, output) = (SampleText.PromptTokens(question), SampleText.Pieces(SampleText.Of(question)).Count);
        return new JsonObject
        {
            ["input_tokens"] = input,
            ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = 0 },
            ["output_tokens"] = output,
            ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
            ["total_tokens"] = input + output,
        };
    }
}
