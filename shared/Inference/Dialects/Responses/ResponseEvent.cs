using System.Text.Json;

namespace Proofgate.Inference.Dialects.Responses;

/// <summary>Of which text an event is, and what it does to it.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Sort">What it does.</param>
/// <param name="Item">Number of the item of the output.</param>
/// <param name="Part">Number of the part of the item's content or summary.</param>
/// <param name="Text">Name of the text; null where the event is about a whole part or item.</param>
internal readonly record struct ResponseEvent(string Type, EventSort Sort, int Item, int Part, string? Text)
{
    internal const string Content = "text";
    internal const string Refusal = "refusal";
    internal const string Summary = "summary";

    private static readonly (string Stem, string Text)[] Texts =
    [
        ("response.output_text", Content), ("response.reasoning_text", Content), ("response.refusal", Refusal), ("response.reasoning_summary_text", Summary),
        ("response.function_call_arguments", "arguments"), ("response.mcp_call_arguments", "arguments"), ("response.custom_tool_call_input", "input"),
        ("response.code_interpreter_call_code", "code"),
    ];

    /// <summary>Whether the event ends a text.</summary>
    internal bool Ends(in SlotKey key) => Sort switch
    {
        EventSort.Last or EventSort.Error => true,
        EventSort.Ends when key.Choice != Item => false,
        EventSort.Ends when Text is not null => key.Name == Text && key.Tool == Part,
        EventSort.Ends when Type == "response.content_part.done" => key.Tool == Part && key.Name is Content or Refusal,
        EventSort.Ends when Type == "response.reasoning_summary_part.done" => key.Tool == Part && key.Name == Summary,
        EventSort.Ends => true,
        _ => false,
    };

    internal static ResponseEvent Read(string type, JsonElement root)
    {
        var (sort, text) = SortOf(type);
        return new ResponseEvent(type, sort, IndexOf(root, "output_index") ?? 0, IndexOf(root, "content_index") ?? IndexOf(root, "summary_index") ?? 0, text);
    }

    /// <summary>The event that brings pieces of a text of a part or an item of this type.</summary>
    internal static string PieceOf(string text, string? type) => text switch
    {
        Content => type is "reasoning_text" or "reasoning" ? "response.reasoning_text.delta" : "response.output_text.delta",
        "arguments" => type == "mcp_call" ? "response.mcp_call_arguments.delta" : "response.function_call_arguments.delta",
        _ => Array.Find(Texts, t => t.Text == text).Stem + ".delta",
    };

    private static (EventSort Sort, string? Text) SortOf(string type)
    {
        switch (type)
        {
            case "error":
                return (EventSort.Error, null);
            case "response.created" or "response.queued" or "response.in_progress":
                return (EventSort.Snapshot, null);
            case "response.completed" or "response.incomplete" or "response.failed" or "response.cancelled":
                return (EventSort.Last, null);
            case "response.output_item.added" or "response.content_part.added" or "response.reasoning_summary_part.added":
                return (EventSort.Begins, null);
            case "response.output_item.done" or "response.content_part.done" or "response.reasoning_summary_part.done":
                return (EventSort.Ends, null);
            case "response.output_text.annotation.added" or "response.image_generation_call.partial_image":
                return (EventSort.Other, null);
        }

        foreach (var (stem, text) in Texts)
        {
            if (type.StartsWith(stem, StringComparison.Ordinal))
            {
                switch (type.AsSpan(stem.Length))
                {
                    case ".delta":
                        return (EventSort.Piece, text);
                    case ".done":
                        return (EventSort.Ends, text);
                }
            }
        }

        return (EventSort.Unknown, null);
    }

    private static int? IndexOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var index) && index >= 0 ? index : null;
}
