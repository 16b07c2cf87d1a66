using System.Text;
using System.Text.Json;
using Proofgate.Inference.Dialects.Events;

namespace Proofgate.Inference.Dialects.Responses;

/// <summary>Fields of responses: which are text, which are its pieces or say it again, which are neither.</summary>
internal sealed class ResponsesJson(RedactionPlan plan, AnswerFacts facts, AnswerSlots slots, UpstreamIds? ids)
    : EventJson<ResponsePlace>(plan, facts, slots, ids)
{
    private ResponseEvent _event;
    private TextEnd _settled;
    private int _item;
    private int _part;
    private int _last = -1;
    private string? _holder;
    private string _holderId = string.Empty;
    private bool _hasSnapshot;

    internal bool IsKnown => _event.Sort != EventSort.Unknown;

    protected override bool IsPieceEvent => _event.Sort != EventSort.Begins;

    /// <param name="happening">The event at hand.</param>
    /// <param name="root">All of it.</param>
    /// <param name="settled">How the texts end that it ends.</param>
    internal void Begin(ResponseEvent happening, JsonElement root, TextEnd settled)
    {
        (_event, _settled, _item, _part, End) = (happening, settled, happening.Item, happening.Part, TextEnd.Finished);
        if (happening.Sort == EventSort.Begins)
        {
            var begun = root.TryGetProperty("part"u8, out var part) ? part : root.TryGetProperty("item"u8, out var item) ? item : default;
            _holder = JsonBody.TextOf(begun, "type");
            _holderId = JsonBody.TextOf(root, "item_id") ?? JsonBody.TextOf(begun, "id") ?? string.Empty;
        }

        // The response is said again and again: what it holds beside its texts is counted once.
        var isSnapshot = happening.Sort is EventSort.Snapshot or EventSort.Last;
        Counts = !isSnapshot || !_hasSnapshot;
        _hasSnapshot |= isSnapshot;
    }

    /// <summary>For an answer that is not streamed: how it ended, and its last item, which is the one that can have been cut.</summary>
    internal void BeginWhole(TextEnd end, int last) => (_event, _settled, _last, End) = (new ResponseEvent(string.Empty, EventSort.Last, 0, 0, null), end, last, end);

    internal TextEnd? EndOf(in SlotKey key) => _event.Ends(key) ? _settled : null;

    protected override TextEnd? EndNow(in SlotKey key) => _event.Type.Length == 0 ? End : EndOf(key);

    protected override void Enter(ResponsePlace place, int index)
    {
        switch (place)
        {
            case ResponsePlace.Item:
                (_item, _part) = (index, 0);
                End = index == _last ? _settled : TextEnd.Finished;
                break;
            case ResponsePlace.Content or ResponsePlace.Summary:
                _part = index;
                break;
        }
    }

    protected override Rule<ResponsePlace> RuleOf(ref Utf8JsonReader name, ResponsePlace place) => place switch
    {
        ResponsePlace.Event => OfEvent(ref name),
        ResponsePlace.UnknownEvent => OfUnknown(ref name),
        ResponsePlace.Fragment => new(Treatment.Fragment, ResponsePlace.Fragment),
        ResponsePlace.Response => OfResponse(ref name),
        ResponsePlace.Conversation when name.ValueTextEquals("id"u8) => new(Treatment.Id, ResponsePlace.Elsewhere),
        ResponsePlace.Item => OfItem(ref name),
        ResponsePlace.Content => OfContent(ref name),
        ResponsePlace.Summary when name.ValueTextEquals("text"u8) => new(OfText, ResponsePlace.Detail),
        ResponsePlace.Summary when name.ValueTextEquals("type"u8) => new(Treatment.Structural, ResponsePlace.Detail),
        ResponsePlace.Detail or ResponsePlace.Summary => new(NamesSource(ref name) ? Treatment.Id : Treatment.Whole, ResponsePlace.Detail),
        _ => new(Treatment.Whole, ResponsePlace.Elsewhere),
    };

    protected override AnswerSlot SlotOf(ref Utf8JsonReader name, ResponsePlace place)
    {
        var slot = place switch
        {
            ResponsePlace.UnknownEvent => Slots.Get(-1 - _item, _part, $"{_event.Type}/{name.GetString()}"),
            ResponsePlace.Event => Slots.Get(_item, _event.Text is ResponseEvent.Content or ResponseEvent.Refusal or ResponseEvent.Summary ? _part : 0, _event.Text!),
            ResponsePlace.Content => Slots.Get(_item, _part, name.ValueTextEquals("text"u8) ? ResponseEvent.Content : ResponseEvent.Refusal),
            ResponsePlace.Summary => Slots.Get(_item, _part, ResponseEvent.Summary),
            _ => Slots.Get(_item, 0, name.GetString()!),
        };
        if (!IsPieceEvent && slot.Frame is null && !IsEmpty(name))
        {
            slot.Frame = FrameOf(slot.Key);
        }

        return slot;
    }

    /// <summary>A text that has begun comes in pieces; where it has ended, it is said again.</summary>
    private Treatment OfText => _event.Sort == EventSort.Begins ? Treatment.Piece : Treatment.Again;

    private Rule<ResponsePlace> OfEvent(ref Utf8JsonReader name) =>
        name.ValueTextEquals("type"u8) ? new(Treatment.Structural, ResponsePlace.Elsewhere)
        : name.ValueTextEquals("sequence_number"u8) ? new(Treatment.Sequence, ResponsePlace.Elsewhere)
        : name.ValueTextEquals("item_id"u8) ? new(Treatment.Id, ResponsePlace.Elsewhere)
        : name.ValueTextEquals("logprobs"u8) ? new(Treatment.Repeats, ResponsePlace.Elsewhere)
        : name.ValueTextEquals("obfuscation"u8) ? new(Treatment.Fragment, ResponsePlace.Fragment)
        : _event.Sort == EventSort.Piece && name.ValueTextEquals("delta"u8) ? new(Treatment.Piece, ResponsePlace.Fragment)
        : _event is { Sort: EventSort.Ends, Text: { } text } && name.ValueTextEquals(text == ResponseEvent.Summary ? "text" : text) ? new(Treatment.Again, ResponsePlace.Elsewhere)
        : name.ValueTextEquals("response"u8) ? new(Treatment.Whole, ResponsePlace.Response)
        : name.ValueTextEquals("item"u8) ? new(Treatment.Whole, ResponsePlace.Item)
        : name.ValueTextEquals("part"u8) ? new(
            Treatment.Whole, _event.Type.StartsWith("response.reasoning_summary_part", StringComparison.Ordinal) ? ResponsePlace.Summary : ResponsePlace.Content)
        : new(Treatment.Whole, ResponsePlace.Detail);

    private static Rule<ResponsePlace> OfUnknown(ref Utf8JsonReader name) =>
        name.ValueTextEquals("type"u8) ? new(Treatment.Structural, ResponsePlace.Fragment)
        : name.ValueTextEquals("sequence_number"u8) ? new(Treatment.Sequence, ResponsePlace.Fragment)
        : name.ValueTextEquals("item_id"u8) ? new(Treatment.Id, ResponsePlace.Fragment)
        : new(Treatment.Piece, ResponsePlace.Fragment);

    private static Rule<ResponsePlace> OfResponse(ref Utf8JsonReader name) =>
        name.ValueTextEquals("output"u8) ? new(Treatment.Whole, ResponsePlace.Item)
        : name.ValueTextEquals("id"u8) || name.ValueTextEquals("previous_response_id"u8) ? new(Treatment.Id, ResponsePlace.Elsewhere)
        : name.ValueTextEquals("conversation"u8) ? new(Treatment.Id, ResponsePlace.Conversation)
        : name.ValueTextEquals("object"u8) || name.ValueTextEquals("status"u8) || name.ValueTextEquals("model"u8) || name.ValueTextEquals("service_tier"u8)
            || name.ValueTextEquals("truncation"u8) ? new(Treatment.Structural, ResponsePlace.Elsewhere)
        : new(Treatment.Whole, ResponsePlace.Elsewhere);

    private Rule<ResponsePlace> OfItem(ref Utf8JsonReader name) =>
        name.ValueTextEquals("content"u8) ? new(Treatment.Whole, ResponsePlace.Content)
        : name.ValueTextEquals("summary"u8) ? new(Treatment.Whole, ResponsePlace.Summary)
        : name.ValueTextEquals("arguments"u8) || name.ValueTextEquals("input"u8) || name.ValueTextEquals("code"u8) ? new(OfText, ResponsePlace.Detail)
        : name.ValueTextEquals("id"u8) || NamesSource(ref name) || name.ValueTextEquals("approval_request_id"u8) ? new(Treatment.Id, ResponsePlace.Detail)
        : name.ValueTextEquals("type"u8) || name.ValueTextEquals("status"u8) || name.ValueTextEquals("role"u8) || name.ValueTextEquals("call_id"u8)
            ? new(Treatment.Structural, ResponsePlace.Detail)
        : new(Treatment.Whole, ResponsePlace.Detail);

    private Rule<ResponsePlace> OfContent(ref Utf8JsonReader name) =>
        name.ValueTextEquals("text"u8) || name.ValueTextEquals("refusal"u8) ? new(OfText, ResponsePlace.Detail)
        : name.ValueTextEquals("type"u8) ? new(Treatment.Structural, ResponsePlace.Detail)
        : name.ValueTextEquals("logprobs"u8) ? new(Treatment.Repeats, ResponsePlace.Detail)
        : new(Treatment.Whole, ResponsePlace.Detail);

    private static bool NamesSource(ref Utf8JsonReader name) => name.ValueTextEquals("file_id"u8) || name.ValueTextEquals("container_id"u8);

    private static bool IsEmpty(Utf8JsonReader atName) => atName.Read() && atName.ValueSpan.IsEmpty;

    /// <summary>An event for what is held of a text that came with the beginning of its item or part.</summary>
    private HeldFrame FrameOf(in SlotKey key)
    {
        var type = ResponseEvent.PieceOf(key.Name!, _holder);
        var part = key.Name switch
        {
            ResponseEvent.Content or ResponseEvent.Refusal => $"\"content_index\":{key.Tool},",
            ResponseEvent.Summary => $"\"summary_index\":{key.Tool},",
            _ => string.Empty,
        };
        var id = JsonEncodedText.Encode(Wrapped(_holderId));
        var frame = new HeldFrame();
        frame.Learn(
            Encoding.ASCII.GetBytes(type), Encoding.UTF8.GetBytes($$"""{"type":"{{type}}","item_id":"{{id}}","output_index":{{key.Choice}},{{part}}"delta":"""), []);
        return frame;
    }
}
