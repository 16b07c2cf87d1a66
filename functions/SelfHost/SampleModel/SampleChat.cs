using System.Text.Json.Nodes;

namespace Proofgate.SelfHost.SampleModel;

/// <summary>Answers chat completions.</summary>
internal sealed class SampleChat(TimeSpan tokenDelay, TimeProvider time)
{
    internal Task AnswerAsync(HttpContext http) => SampleHttp.AnswerAsync(http, "messages", question =>
    {
        var head = new SampleHead($"chatcmpl-{Guid.CreateVersion7(time.GetUtcNow()):N}", time.GetUtcNow().ToUnixTimeSeconds(), question.Model);
        return question.Stream ? StreamAsync(http, head, question) : SampleHttp.WriteAsync(http, Whole(head, question));
    });

    private static JsonObject Whole(SampleHead head, SampleQuestion question)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = question.Tool is null ? SampleText.Of(question) : null };
        if (question.Tool is { } tool)
        {
            message["tool_calls"] = new JsonArray(Call(tool.Name, tool.Arguments));
        }

        var answer = Answer(head, "chat.completion", new JsonObject { ["index"] = 0, ["message"] = message, ["finish_reason"] = FinishOf(question) });
        answer["usage"] = Usage(question);
        return answer;
    }

    private async Task StreamAsync(HttpContext http, SampleHead head, SampleQuestion question)
    {
        await ChunkAsync(new JsonObject { ["role"] = "assistant", ["content"] = string.Empty });
        if (question.Tool is { } tool)
        {
            await ChunkAsync(new JsonObject { ["tool_calls"] = new JsonArray(Call(tool.Name, string.Empty)) });
        }

        foreach (var piece in SampleText.Pieces(question.Tool?.Arguments ?? SampleText.Of(question)))
        {
            await ChunkAsync(question.Tool is null
                ? new JsonObject { ["content"] = piece }
                : new JsonObject { ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = 0, ["function"] = new JsonObject { ["arguments"] = piece } }) });
            await Task.Delay(tokenDelay, time, http.RequestAborted);
        }

        await ChunkAsync([], FinishOf(question));
        if (question.IncludeUsage)
        {
            var last = Answer(head, "chat.completion.chunk", null);
            last["usage"] = Usage(question);
            await SampleHttp.EventAsync(http, last);
        }

        await http.Response.WriteAsync("data: [DONE]\n\n", http.RequestAborted);

        Task ChunkAsync(JsonObject delta, string? finish = null) =>
            SampleHttp.EventAsync(http, Answer(head, "chat.completion.chunk", new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }));
    }

    private static JsonObject Answer(SampleHead head, string kind, JsonObject? choice) => new()
    {
        ["id"] = head.Id,
        ["object"] = kind,
        ["created"] = head.Created,
        ["model"] = head.Model,
        ["choices"] = choice is null ? [] : new JsonArray(choice),
    };

    private static JsonObject Call(string name, string arguments) => new()
    {
        ["index"] = 0,
        ["id"] = "call_sample",
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments },
    };

    private static string FinishOf(SampleQuestion question) => question.Tool is null ? "stop" : "tool_calls";

    private static JsonObject Usage(SampleQuestion question)
    {
        var (prompt, answer) = (SampleText.PromptTokens(question), SampleText.Pieces(SampleText.Of(question)).Count);
        return new JsonObject { ["prompt_tokens"] = prompt, ["completion_tokens"] = answer, ["total_tokens"] = prompt + answer };
    }
}
