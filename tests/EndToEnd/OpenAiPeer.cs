using System.Text.Json.Nodes;
using Proofgate.Support;

namespace Proofgate.EndToEnd;

/// <summary>The official OpenAI client for JavaScript, in a process of its own.</summary>
internal static class OpenAiPeer
{
    /// <param name="mode"><c>stream</c>, <c>plain</c> or <c>models</c>.</param>
    internal static Task<ManagedProcess> StartAsync(Gateway gateway, string mode, string text, string? key = null, string model = "assistant") =>
        Peers.StartAsync("openai-chat.mjs", [gateway.V1.ToString(), key ?? gateway.SampleKey, model, mode, text]);

    /// <summary>Runs to the end and gives what it said, a JSON object a line.</summary>
    internal static async Task<IReadOnlyList<JsonObject>> RunAsync(Gateway gateway, string mode, string text, string? key = null, string model = "assistant")
    {
        await using var process = await StartAsync(gateway, mode, text, key, model);
        await process.WaitForExitAsync();
        return [.. process.Output.Select(static l => JsonNode.Parse(l)!.AsObject())];
    }
}
