using System.Buffers;
using System.Text.Json;

namespace Proofgate.Inference.Dialects.OpenAi;

/// <summary>
/// Second reading: copies an answer token by token and replaces text by what may be released. Numbers and untouched strings keep their bytes.
/// Whatever is not known as structural is inspected, so a field that a provider adds tomorrow is not a way around.
/// </summary>
internal sealed class ChatJsonWriter(RedactionPlan plan, ChatShape shape, AnswerFacts facts, AnswerSlots texts) : AnswerJson(plan, facts)
{
    private AnswerSlots? _slots;
    private bool _keepUsage;

    /// <summary>Where in the answer a value stands.</summary>
    private enum Place
    {
        Root,
        Choices,
        Choice,
        Message,
        ToolCalls,
        ToolCall,
        ToolFunction,
        ToolCustom,
        FunctionCall,
        Structural,

        /// <summary>Inside a part of a message that the dialect does not know.</summary>
        Nested,
        Elsewhere,
    }

    /// <param name="json">One JSON object that <see cref="ChatShape"/> has read just before.</param>
    /// <param name="slots">The stream's texts; null inspects each text as a whole.</param>
    /// <param name="keepUsage">Whether the client asked for usage.</param>
    /// <param name="output">Takes the rewritten object.</param>
    internal void Rewrite(ReadOnlySpan<byte> json, AnswerSlots? slots, bool keepUsage, IBufferWriter<byte> output)
    {
        (_slots, _keepUsage) = (slots, keepUsage);
        var reader = Open(json, output);
        Copy(ref reader, json, Place.Root, choice: -1, tool: -1);
        Writer.Flush();
    }

    private void Copy(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, Place place, int choice, int tool)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                CopyObject(ref reader, json, place, choice, tool);
                break;
            case JsonTokenType.StartArray:
                CopyArray(ref reader, json, place, choice);
                break;
            case JsonTokenType.String when place == Place.Nested && _slots is not null && Masks && !IsTag(ref reader):
                // A piece of a text that has no redactor to hold it: a value cut over events would pass.
                Writer.WriteStringValue(ReadOnlySpan<byte>.Empty);
                break;
            case JsonTokenType.String when place != Place.Structural:
                CopyWholeText(ref reader, json, EndOf(choice));
                break;
            default:
                CopyToken(ref reader, json);
                break;
        }
    }

    private void CopyArray(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, Place place, int choice)
    {
        Writer.WriteStartArray();
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            switch (place)
            {
                case Place.Choices:
                    Copy(ref reader, json, Place.Choice, i, -1);
                    break;
                case Place.ToolCalls:
                    Copy(ref reader, json, Place.ToolCall, choice, i);
                    break;
                default:
                    Copy(ref reader, json, place == Place.Nested ? Place.Nested : Place.Elsewhere, choice, -1);
                    break;
            }
        }

        Writer.WriteEndArray();
    }

    private void CopyObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, Place place, int choice, int tool)
    {
        var seen = 0;
        Writer.WriteStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (place == Place.Root && !_keepUsage && reader.ValueTextEquals("usage"u8))
            {
                reader.Skip();
                continue;
            }

            if (Masks && RepeatsText(ref reader, place))
            {
                CopyName(ref reader);
                Writer.WriteNullValue();
                reader.Skip();
                continue;
            }

            var field = SlotOf(ref reader, place);
            var next = NextPlace(ref reader, place);
            Once(ref seen, field, next);
            var slot = SlotFor(ref reader, place, field, next, choice, tool);
            CopyName(ref reader);
            reader.Read();
            if (slot is not null && reader.TokenType == JsonTokenType.String)
            {
                CopySlotText(ref reader, json, slot, shape.Choices[choice].End);
            }
            else if (field is { } text && reader.TokenType == JsonTokenType.String)
            {
                var key = KeyOf(text, choice, tool);
                CopyWholeText(ref reader, json, EndOf(choice), Counts, key, texts.BackInto(key));
            }
            else
            {
                Copy(ref reader, json, next, choice, tool);
            }
        }

        Writer.WriteEndObject();
    }

    /// <summary>What gives the text's tokens again, piece by piece or as numbers, past any hold. vLLM adds the last three on request.</summary>
    private static bool RepeatsText(ref Utf8JsonReader reader, Place place) =>
        place is Place.Root or Place.Choice or Place.Message
        && (reader.ValueTextEquals("logprobs"u8) || reader.ValueTextEquals("token_ids"u8)
            || reader.ValueTextEquals("prompt_logprobs"u8) || reader.ValueTextEquals("prompt_token_ids"u8));

    /// <summary>Of two members with one name a client takes one, and nobody knows which: such an answer is not released.</summary>
    private static void Once(ref int seen, SlotField? field, Place next)
    {
        var bit = field is { } known ? 1 << (int)known : next is Place.Structural or Place.Nested or Place.Elsewhere ? 0 : 1 << (16 + (int)next);
        if ((seen & bit) != 0)
        {
            throw new JsonException("A member occurs twice.");
        }

        seen |= bit;
    }

    private static SlotField? SlotOf(ref Utf8JsonReader reader, Place place) => place switch
    {
        Place.Message when reader.ValueTextEquals("content"u8) => SlotField.Content,
        Place.Message when reader.ValueTextEquals("refusal"u8) => SlotField.Refusal,
        Place.Message when reader.ValueTextEquals("reasoning"u8) => SlotField.Reasoning,
        Place.Message when reader.ValueTextEquals("reasoning_content"u8) => SlotField.ReasoningContent,
        Place.ToolFunction when reader.ValueTextEquals("arguments"u8) => SlotField.ToolArguments,
        Place.ToolCustom when reader.ValueTextEquals("input"u8) => SlotField.ToolInput,
        Place.FunctionCall when reader.ValueTextEquals("arguments"u8) => SlotField.FunctionArguments,
        _ => null,
    };

    private static Place NextPlace(ref Utf8JsonReader reader, Place place) => place switch
    {
        Place.Root when reader.ValueTextEquals("choices"u8) => Place.Choices,
        Place.Root when reader.ValueTextEquals("id"u8) || reader.ValueTextEquals("object"u8) || reader.ValueTextEquals("model"u8)
            || reader.ValueTextEquals("system_fingerprint"u8) || reader.ValueTextEquals("service_tier"u8) => Place.Structural,
        Place.Choice when reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("message"u8) => Place.Message,
        Place.Choice when reader.ValueTextEquals("finish_reason"u8) => Place.Structural,
        Place.Message when reader.ValueTextEquals("tool_calls"u8) => Place.ToolCalls,
        Place.Message when reader.ValueTextEquals("function_call"u8) => Place.FunctionCall,
        Place.Message when reader.ValueTextEquals("role"u8) => Place.Structural,
        Place.ToolCall when reader.ValueTextEquals("function"u8) => Place.ToolFunction,
        Place.ToolCall when reader.ValueTextEquals("custom"u8) => Place.ToolCustom,
        Place.ToolCall when reader.ValueTextEquals("id"u8) || reader.ValueTextEquals("type"u8) => Place.Structural,
        Place.ToolFunction or Place.ToolCustom or Place.FunctionCall when reader.ValueTextEquals("name"u8) => Place.Elsewhere,
        Place.Message or Place.ToolCall or Place.ToolFunction or Place.ToolCustom or Place.FunctionCall or Place.Nested => Place.Nested,
        _ => Place.Elsewhere,
    };

    /// <summary>The running text that the value at this name belongs to; null where it is inspected on its own.</summary>
    private AnswerSlot? SlotFor(ref Utf8JsonReader reader, Place place, SlotField? field, Place next, int choice, int tool)
    {
        if (_slots is null)
        {
            return null;
        }

        if (field is { } known)
        {
            return _slots.Get(KeyOf(known, choice, tool));
        }

        if (place != Place.Message || next != Place.Nested || !IsPlain(ref reader))
        {
            return null;
        }

        var value = reader;
        return value.Read() && value.TokenType == JsonTokenType.String ? _slots.GetNamed(shape.Choices[choice].Index, ref reader) : null;
    }

    private SlotKey KeyOf(SlotField field, int choice, int tool) =>
        new(shape.Choices[choice].Index, field, field is SlotField.ToolArguments or SlotField.ToolInput && tool >= 0 ? shape.Choices[choice].Tools[tool] : 0);

    /// <summary>How a text ends that is inspected on its own. In a stream that goes on it may be a piece of a longer one.</summary>
    private TextEnd EndOf(int choice) => choice < 0 || choice >= shape.Choices.Count
        ? TextEnd.Finished
        : shape.Choices[choice].End ?? (_slots is null ? TextEnd.Finished : TextEnd.CutShort);
}
