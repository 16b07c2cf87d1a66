using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Proofgate.SelfHost.SampleModel;

/// <summary>Answers chat completions with a fixed text that holds a few invented personal values, so that redaction can be seen.</summary>
internal sealed class SampleChat(TimeSpan tokenDelay, TimeProvider time)
{
    private const int MaxQuote = 400;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    internal async Task AnswerAsync(HttpContext http)
    {
        SampleQuestion question;
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, Strict, http.RequestAborted);
            question = SampleQuestion.Read(body.RootElement);
        }
        catch (JsonException)
        {
            http.Response.StatusCode = 400;
            return;
        }

        var answer = Compose(question.LastText);
        var head = new SampleHead($"chatcmpl-{Guid.CreateVersion7(time.GetUtcNow()):N}", time.GetUtcNow().ToUnixTimeSeconds(), question.Model);
        if (question.Stream)
        {
            await StreamAsync(http, head, question, answer);
            return;
        }

        var message = new SampleMessage("assistant", string.Concat(answer));
        await WriteAsync(http, new SampleCompletion(
            head.Id, "chat.completion", head.Created, head.Model, [new SampleChoice(0, message, null, "stop")], Usage(question, answer)));
    }

    private async Task StreamAsync(HttpContext http, SampleHead head, SampleQuestion question, string[] answer)
    {
        http.Response.ContentType = "text/event-stream";
        var first = true;
        foreach (var token in answer)
        {
            await EventAsync(http, Chunk(head, new SampleMessage(first ? "assistant" : null, token), null));
            first = false;
            await Task.Delay(tokenDelay, time, http.RequestAborted);
        }

        await EventAsync(http, Chunk(head, new SampleMessage(null, null), "stop"));
        if (question.IncludeUsage)
        {
            await EventAsync(http, new SampleCompletion(head.Id, "chat.completion.chunk", head.Created, head.Model, [], Usage(question, answer)));
        }

        await http.Response.WriteAsync("data: [DONE]\n\n", http.RequestAborted);
    }

    private static SampleCompletion Chunk(SampleHead head, SampleMessage delta, string? finish) =>
        new(head.Id, "chat.completion.chunk", head.Created, head.Model, [new SampleChoice(0, null, delta, finish)], null);

    private static async Task EventAsync(HttpContext http, SampleCompletion chunk)
    {
        var json = JsonSerializer.Serialize(chunk, SampleJson.Default.SampleCompletion);
        await http.Response.WriteAsync($"data: {json}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    private static Task WriteAsync(HttpContext http, SampleCompletion completion) =>
        http.Response.WriteAsJsonAsync(completion, (JsonTypeInfo<SampleCompletion>)SampleJson.Default.SampleCompletion, cancellationToken: http.RequestAborted);

    /// <summary>Pieces as a model would send them: a word with the space before it, longer ones in two.</summary>
    private static string[] Compose(string question)
    {
        var quote = question.Length <= MaxQuote ? question : question[..MaxQuote] + "…";
        var text = "This is Proofgate's sample model, not a real one. You said: \"" + quote
            + "\" Here is an invented customer: Ada Lovelace, ada.lovelace@example.org, +41 44 668 18 00, card 4111 1111 1111 1111.";
        var pieces = new List<string>();
        var start = 0;
        for (var i = 1; i <= text.Length; i++)
        {
            if (i == text.Length || text[i] == ' ' || i - start == 6)
            {
                pieces.Add(text[start..i]);
                start = i;
            }
        }

        return [.. pieces];
    }

    private static SampleUsage Usage(SampleQuestion question, string[] answer)
    {
        var prompt = (question.TextLength / 4) + 1;
        return new SampleUsage(prompt, answer.Length, prompt + answer.Length);
    }
}
