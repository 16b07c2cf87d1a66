using System.Text;
using System.Text.Json;
using Proofgate.Inference.Dialects.Events;

namespace Proofgate.Inference.Dialects.Anthropic;

/// <summary>Anthropic's fields: which are text, which are its pieces, which are neither.</summary>
internal sealed class AnthropicJson(RedactionPlan plan, AnswerFacts facts, AnswerSlots slots, UpstreamIds? ids)
    : EventJson<MessagePlace>(plan, facts, slots, ids)
{
    private static readonly byte[] DeltaName = "content_block_delta"u8.ToArray();

    internal string Type { get; set; } = string.Empty;

    /// <summary>Of the block that the event at hand is about.</summary>
    internal int Block { get; set; }

    /// <summary>How a whole message ended, and the number of its last block, which is the one that can have been cut.</summary>
    internal (TextEnd End, int Last) Whole { get; set; }

    protected override bool IsPieceEvent => Type != "content_block_start";

    internal void Begin(string type, int block) => (Type, Block, End) = (type, block, TextEnd.Finished);

    protected override void Enter(MessagePlace place, int index)
    {
        if (place == MessagePlace.Content)
        {
            Block = index;
            End = index == Whole.Last ? Whole.End : TextEnd.Finished;
        }
    }

    protected override Rule<MessagePlace> RuleOf(ref Utf8JsonReader name, MessagePlace place) => place switch
    {
        MessagePlace.Message when name.ValueTextEquals("content"u8) => new(Treatment.Whole, MessagePlace.Content),
        MessagePlace.Message when name.ValueTextEquals("id"u8) => new(Treatment.Id, MessagePlace.Elsewhere),
        MessagePlace.Message when name.ValueTextEquals("container"u8) => new(Treatment.Id, MessagePlace.Container),
        MessagePlace.Message when name.ValueTextEquals("type"u8) || name.ValueTextEquals("role"u8) || name.ValueTextEquals("model"u8)
            || name.ValueTextEquals("stop_reason"u8) => new(Treatment.Structural, MessagePlace.Elsewhere),
        MessagePlace.Container when name.ValueTextEquals("id"u8) => new(Treatment.Id, MessagePlace.Elsewhere),
        MessagePlace.Event => OfEvent(ref name),
        MessagePlace.UnknownEvent => name.ValueTextEquals("type"u8) ? new(Treatment.Structural, MessagePlace.Fragment) : new(Treatment.Piece, MessagePlace.Fragment),
        MessagePlace.Fragment => new(Treatment.Fragment, MessagePlace.Fragment),
        MessagePlace.Content or MessagePlace.BlockStart => OfBlock(ref name, place),
        MessagePlace.BlockDelta => OfDelta(ref name),
        MessagePlace.MessageDelta when name.ValueTextEquals("stop_reason"u8) => new(Treatment.Structural, MessagePlace.Elsewhere),
        MessagePlace.MessageDelta when name.ValueTextEquals("container"u8) => new(Treatment.Id, MessagePlace.Container),
        MessagePlace.ToolInput => new(Treatment.Arguments, MessagePlace.ToolInput),
        MessagePlace.Elsewhere when name.ValueTextEquals("file_id"u8) => new(Treatment.Id, MessagePlace.Elsewhere),
        _ => new(Treatment.Whole, MessagePlace.Elsewhere),
    };

    protected override AnswerSlot SlotOf(ref Utf8JsonReader name, MessagePlace place)
    {
        if (place == MessagePlace.UnknownEvent)
        {
            return Slots.Get(-1 - Block, 0, $"{Type}/{name.GetString()}");
        }

        var field = name.ValueTextEquals("text"u8) ? "text" : name.ValueTextEquals("thinking"u8) ? "thinking"
            : name.ValueTextEquals("partial_json"u8) ? "partial_json" : name.GetString()!;
        var slot = Slots.Get(Block, 0, field);
        if (place == MessagePlace.BlockStart && slot.Frame is null)
        {
            slot.Frame = new HeldFrame();
            slot.Frame.Learn(
                DeltaName, Encoding.UTF8.GetBytes($$"""{"type":"content_block_delta","index":{{Block}},"delta":{"type":"{{field}}_delta","{{field}}":"""), "}"u8);
        }

        return slot;
    }

    /// <summary>What a tool is given stands as an object in a message that is not streamed.</summary>
    protected override SlotKey? KeyOf(Treatment treatment) => new SlotKey(Block, SlotField.Other, 0, treatment == Treatment.Arguments ? "input" : "text");

    /// <summary>The place of <c>delta</c> depends on the event that it stands in.</summary>
    private Rule<MessagePlace> OfEvent(ref Utf8JsonReader name) =>
        name.ValueTextEquals("type"u8) ? new(Treatment.Structural, MessagePlace.Elsewhere)
        : name.ValueTextEquals("delta"u8) ? new(Treatment.Fragment, Type == "message_delta" ? MessagePlace.MessageDelta : MessagePlace.BlockDelta)
        : Type == "message_start" && name.ValueTextEquals("message"u8) ? new(Treatment.Whole, MessagePlace.Message)
        : name.ValueTextEquals("content_block"u8) ? new(Treatment.Whole, MessagePlace.BlockStart)
        : new(Treatment.Whole, MessagePlace.Elsewhere);

    private static Rule<MessagePlace> OfBlock(ref Utf8JsonReader name, MessagePlace place) =>
        name.ValueTextEquals("type"u8) || name.ValueTextEquals("id"u8) || name.ValueTextEquals("tool_use_id"u8) ? new(Treatment.Structural, MessagePlace.Elsewhere)
        : name.ValueTextEquals("input"u8) ? new(Treatment.Arguments, MessagePlace.ToolInput)
        : name.ValueTextEquals("text"u8) || name.ValueTextEquals("thinking"u8)
            ? new(place == MessagePlace.BlockStart ? Treatment.Piece : Treatment.Said, MessagePlace.Elsewhere)
        : new(Treatment.Whole, MessagePlace.Elsewhere);

    /// <summary>A signature and a citation come whole, each in one event.</summary>
    private static Rule<MessagePlace> OfDelta(ref Utf8JsonReader name) =>
        name.ValueTextEquals("type"u8) ? new(Treatment.Structural, MessagePlace.Fragment)
        : name.ValueTextEquals("signature"u8) || name.ValueTextEquals("citation"u8) ? new(Treatment.Whole, MessagePlace.Elsewhere)
        : new(Treatment.Piece, MessagePlace.Fragment);

    internal static bool IsKnown(string type) => type is "message_start" or "message_delta" or "message_stop" or "content_block_start"
        or "content_block_delta" or "content_block_stop" or "ping" or "error";
}
