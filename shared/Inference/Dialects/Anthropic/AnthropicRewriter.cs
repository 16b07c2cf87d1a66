using System.Text.Json;
using Proofgate.Inference.Dialects.Events;
using Proofgate.Inference.Relay;

namespace Proofgate.Inference.Dialects.Anthropic;

/// <summary>Rewrites messages. A block's text ends with the block, but only what comes next says whether the provider cut it there.</summary>
internal sealed class AnthropicRewriter : EventRewriter<MessagePlace>
{
    private readonly AnthropicJson _json;
    private TextEnd _settled = TextEnd.CutShort;

    internal AnthropicRewriter(RedactionPlan plan, UpstreamIds? ids)
        : base(plan, MessagePlace.Message) => _json = new AnthropicJson(plan, Facts, Slots, ids);

    protected override EventJson<MessagePlace> Json => _json;

    protected override StreamStep Note(string type, JsonElement root)
    {
        _json.Begin(type, IndexOf(root, "index"));
        switch (type)
        {
            case "message_start" when root.TryGetProperty("message"u8, out var message) && message.ValueKind == JsonValueKind.Object:
                NoteUsage(message);
                break;
            case "content_block_start" when root.TryGetProperty("content_block"u8, out var block):
                NoteTool(_json.Block, block);
                break;
            case "message_delta":
                NoteUsage(root);
                NoteReason(root.TryGetProperty("delta"u8, out var delta) ? delta : default);
                break;
        }

        return type switch { "message_stop" => StreamStep.Ended, "error" => StreamStep.Failed, _ => StreamStep.Continue };
    }

    protected override void NoteAnswer(JsonElement root)
    {
        NoteUsage(root);
        NoteReason(root);
        var blocks = 0;
        if (root.TryGetProperty("content"u8, out var content) && content.ValueKind == JsonValueKind.Array)
        {
            foreach (var block in content.EnumerateArray())
            {
                NoteTool(blocks++, block);
            }
        }

        _json.Begin(string.Empty, 0);
        _json.Whole = (EndBy(root), blocks - 1);
    }

    protected override MessagePlace PlaceOf(string type) => AnthropicJson.IsKnown(type) ? MessagePlace.Event : MessagePlace.UnknownEvent;

    protected override bool LeavesOpen(string type, JsonElement root)
    {
        if (type != "content_block_stop")
        {
            return false;
        }

        _settled = TextEnd.CutShort;
        var block = IndexOf(root, "index");
        return Slots.All.Exists(s => s.Key.Choice == block && s.Holds);
    }

    protected override bool Settles(string type, JsonElement root)
    {
        switch (type)
        {
            case "content_block_start":
                _settled = TextEnd.Finished;
                return true;
            case "message_delta":
                _settled = EndBy(root.TryGetProperty("delta"u8, out var delta) ? delta : default);
                return true;
            default:
                return type is "message_stop" or "error";
        }
    }

    protected override TextEnd? EndOf(in SlotKey key, string type) => type switch
    {
        "content_block_stop" when key.Choice == _json.Block => _settled,
        "message_stop" or "error" => TextEnd.CutShort,
        _ => null,
    };

    protected override void WriteFault(Utf8JsonWriter writer, StreamFault fault, long sequence) => AnthropicError.Write(writer, fault);

    /// <summary>A caller can choose the length and the stop sequences, and so where a text is cut.</summary>
    private static TextEnd EndBy(JsonElement holder) => JsonBody.TextOf(holder, "stop_reason") is "end_turn" or "tool_use" ? TextEnd.Finished : TextEnd.CutShort;

    /// <summary>A tool that the provider runs has its arguments already: nothing is put back into them.</summary>
    private void NoteTool(int block, JsonElement content)
    {
        if (JsonBody.TextOf(content, "type") == "tool_use")
        {
            Slots.Tools.Note(block, 0, JsonBody.TextOf(content, "name"));
        }
    }

    private void NoteReason(JsonElement holder) => Facts.FinishReason = JsonBody.TextOf(holder, "stop_reason") switch
    {
        null => Facts.FinishReason,
        var known and ("end_turn" or "max_tokens" or "stop_sequence" or "tool_use" or "pause_turn" or "refusal" or "model_context_window_exceeded") => known,
        _ => "other",
    };

    /// <summary>Counts of later events stand for the whole message. What was read from a cache is input too.</summary>
    private void NoteUsage(JsonElement holder)
    {
        if (!holder.TryGetProperty("usage"u8, out var usage) || usage.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (CountOf(usage, "input_tokens") is { } input)
        {
            Facts.InputTokens = input + (CountOf(usage, "cache_creation_input_tokens") ?? 0) + (CountOf(usage, "cache_read_input_tokens") ?? 0);
        }

        Facts.OutputTokens = CountOf(usage, "output_tokens") ?? Facts.OutputTokens;
    }
}
