using System.Text.Json;

namespace Proofgate.SelfHost.SampleModel;

/// <summary>What the sample model looks at in a request of any of its protocols.</summary>
/// <param name="Model">As it was asked for.</param>
/// <param name="Stream">Whether the answer is streamed.</param>
/// <param name="IncludeUsage">Whether a stream of chat completions ends with its usage.</param>
/// <param name="LastText">What was said last, also by a tool.</param>
/// <param name="TextLength">Characters of all that was said.</param>
/// <param name="Grounds">What it was given to answer from.</param>
/// <param name="Tool">The tool to call; null if there is none, or one has just answered.</param>
internal sealed record SampleQuestion(string Model, bool Stream, bool IncludeUsage, string LastText, int TextLength, IReadOnlyList<SampleGround> Grounds, SampleTool? Tool)
{
    /// <exception cref="JsonException">Not a request of the protocol.</exception>
    /// <param name="root">The body.</param>
    /// <param name="said">The member that has what was said: <c>messages</c> or <c>input</c>.</param>
    internal static SampleQuestion Read(JsonElement root, string said)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(said, out var turns) || turns.ValueKind is not (JsonValueKind.Array or JsonValueKind.String))
        {
            throw new JsonException("Nothing was said.");
        }

        var texts = TextsOf(turns).ToList();
        var usage = root.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object && IsTrue(options, "include_usage");
        return new SampleQuestion(
            root.TryGetProperty("model", out var model) ? model.ToString() : string.Empty, IsTrue(root, "stream"), usage,
            texts.LastOrDefault() ?? string.Empty, texts.Sum(static t => t.Length), [.. texts.Select(SampleGround.Read).OfType<SampleGround>()], ToolHasAnswered(turns) ? null : SampleTool.FirstOf(root));
    }

    private static bool ToolHasAnswered(JsonElement turns)
    {
        if (turns.ValueKind != JsonValueKind.Array || turns.GetArrayLength() == 0 || turns[turns.GetArrayLength() - 1] is not { ValueKind: JsonValueKind.Object } last)
        {
            return false;
        }

        return (last.TryGetProperty("role", out var role) && role.ValueEquals("tool"))
            || (last.TryGetProperty("type", out var type) && type.ValueEquals("function_call_output"))
            || (last.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array
                && content.EnumerateArray().Any(static p => p.ValueKind == JsonValueKind.Object && p.TryGetProperty("type", out var t) && t.ValueEquals("tool_result")));
    }

    private static IEnumerable<string> TextsOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(TextsOf),
        JsonValueKind.Object => value.EnumerateObject().Where(static m => m.Name is "content" or "text" or "output").SelectMany(static m => TextsOf(m.Value)),
        _ => [],
    };

    private static bool IsTrue(JsonElement parent, string name) => parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
