using System.Text.Json;

namespace Proofgate.SelfHost.SampleModel;

/// <summary>What the sample model looks at in a request.</summary>
internal sealed record SampleQuestion(string Model, bool Stream, bool IncludeUsage, string LastText, int TextLength)
{
    /// <exception cref="JsonException">Not a chat completion request.</exception>
    internal static SampleQuestion Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException("No messages.");
        }

        var texts = messages.EnumerateArray().SelectMany(TextsOf).ToList();
        var usage = root.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object && IsTrue(options, "include_usage");
        return new SampleQuestion(
            root.TryGetProperty("model", out var model) ? model.ToString() : string.Empty, IsTrue(root, "stream"), usage,
            texts.LastOrDefault() ?? string.Empty, texts.Sum(static t => t.Length));
    }

    private static IEnumerable<string> TextsOf(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object || !message.TryGetProperty("content", out var content))
        {
            return [];
        }

        return content.ValueKind switch
        {
            JsonValueKind.String => [content.GetString()!],
            JsonValueKind.Array => content.EnumerateArray()
                .Where(static p => p.ValueKind == JsonValueKind.Object && p.TryGetProperty("text", out var t) && t.ValueKind == JsonValueKind.String)
                .Select(static p => p.GetProperty("text").GetString()!),
            _ => [],
        };
    }

    private static bool IsTrue(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
