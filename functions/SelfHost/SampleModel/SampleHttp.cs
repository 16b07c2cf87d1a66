using System.Text.Json;
using System.Text.Json.Nodes;

namespace Proofgate.SelfHost.SampleModel;

/// <summary>Reading and writing, the same in each protocol of the sample model.</summary>
internal static class SampleHttp
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>Reads a question and answers it; what is none is 400.</summary>
    internal static async Task AnswerAsync(HttpContext http, string said, Func<SampleQuestion, Task> answer)
    {
        SampleQuestion question;
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, Strict, http.RequestAborted);
            question = SampleQuestion.Read(body.RootElement, said);
        }
        catch (JsonException)
        {
            http.Response.StatusCode = 400;
            return;
        }

        await answer(question);
    }

    internal static Task WriteAsync(HttpContext http, JsonObject answer)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(answer.ToJsonString(), http.RequestAborted);
    }

    /// <summary>Writes an event with its name, which is its type, if it has one.</summary>
    internal static async Task EventAsync(HttpContext http, JsonObject data)
    {
        if (!http.Response.HasStarted)
        {
            http.Response.ContentType = "text/event-stream";
        }

        var name = (string?)data["type"] is { } type ? $"event: {type}\n" : string.Empty;
        await http.Response.WriteAsync($"{name}data: {data.ToJsonString()}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}
