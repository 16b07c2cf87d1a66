using System.Diagnostics;
using System.Text;

namespace Proofgate.Benchmarks.Load;

/// <summary>
/// A provider that answers at once, so that what is measured is the way there and back; or, with a gap, one that writes its events at a
/// model's pace. <c>created</c> of each event tells when it was written, by the clock that all processes of a machine share.
/// </summary>
internal static class FastUpstream
{
    /// <summary>Events of one streamed answer before its last ones.</summary>
    internal const int StreamEvents = 32;

    /// <summary>In <c>created</c> of the event that finishes.</summary>
    internal const long NoTime = 1730000000;

    private static readonly byte[] Plain = Encoding.UTF8.GetBytes(
        """
        {"id":"chatcmpl-bench","object":"chat.completion","created":1730000000,"model":"bench","choices":[{"index":0,"message":{"role":"assistant",
        "content":"The ledger grows by one row for every decision, and every row can be checked by a stranger who holds nothing but a public key. That is all there is to it."},
        "finish_reason":"stop"}],"usage":{"prompt_tokens":24,"completion_tokens":36,"total_tokens":60}}
        """.ReplaceLineEndings(string.Empty));

    internal static async Task<int> RunAsync(TimeSpan gap)
    {
        var app = Quiet.Build();
        app.MapPost("/v1/chat/completions", http => AnswerAsync(http, gap));
        await Quiet.RunUntilInputEndsAsync(app);
        return 0;
    }

    private static async Task AnswerAsync(HttpContext http, TimeSpan gap)
    {
        var body = new byte[16 * 1024];
        int read, total = 0;
        while ((read = await http.Request.Body.ReadAsync(body.AsMemory(total))) > 0)
        {
            total += read;
        }

        if (body.AsSpan(0, total).IndexOf("\"stream\":true"u8) < 0)
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = Plain.Length;
            await http.Response.Body.WriteAsync(Plain);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        for (var i = 0; i < StreamEvents; i++)
        {
            if (i > 0 && gap > TimeSpan.Zero)
            {
                // The pace of the model that it plays.
                await Task.Delay(gap, http.RequestAborted);
            }

            await EventAsync(http, $$"""{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":{{Stopwatch.GetTimestamp()}},"model":"bench","choices":[{"index":0,"delta":{"content":" word{{i}}"},"finish_reason":null}]}""");
        }

        await EventAsync(http, $$"""{"id":"chatcmpl-bench","object":"chat.completion.chunk","created":{{NoTime}},"model":"bench","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
        await EventAsync(http, "[DONE]");
    }

    private static async Task EventAsync(HttpContext http, string data)
    {
        await http.Response.WriteAsync($"data: {data}\n\n");
        await http.Response.Body.FlushAsync();
    }
}
