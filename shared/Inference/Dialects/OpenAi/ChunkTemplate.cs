using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Proofgate.Inference.Relay;

namespace Proofgate.Inference.Dialects.OpenAi;

/// <summary>Makes a chunk of our own for text that was held back, with the id, time and model of the provider's chunks.</summary>
internal sealed class ChunkTemplate : IDisposable
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _json = new(512);
    private readonly Utf8JsonWriter _writer = new(Stream.Null, Relaxed);
    private byte[]? _id;
    private byte[]? _created;
    private byte[]? _model;

    /// <summary>Remembers the identifying members of the first chunk.</summary>
    internal void Learn(ReadOnlySpan<byte> chunk)
    {
        if (_id is not null)
        {
            return;
        }

        var reader = new Utf8JsonReader(chunk);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                _id = Raw(ref reader, chunk);
            }
            else if (reader.ValueTextEquals("created"u8))
            {
                _created = Raw(ref reader, chunk);
            }
            else if (reader.ValueTextEquals("model"u8))
            {
                _model = Raw(ref reader, chunk);
            }
            else
            {
                reader.Skip();
            }
        }

        _id ??= "\"\""u8.ToArray();
    }

    internal void WriteChunk(IBufferWriter<byte> frames, SlotKey slot, ReadOnlySpan<char> text)
    {
        _json.ResetWrittenCount();
        _writer.Reset(_json);
        _writer.WriteStartObject();
        WriteRaw("id"u8, _id);
        _writer.WriteString("object"u8, "chat.completion.chunk"u8);
        WriteRaw("created"u8, _created);
        WriteRaw("model"u8, _model);
        _writer.WriteStartArray("choices"u8);
        _writer.WriteStartObject();
        _writer.WriteNumber("index"u8, slot.Choice);
        _writer.WriteStartObject("delta"u8);
        WriteDelta(slot, text);
        _writer.WriteEndObject();
        _writer.WriteNull("finish_reason"u8);
        _writer.WriteEndObject();
        _writer.WriteEndArray();
        _writer.WriteEndObject();
        _writer.Flush();
        SseFrame.Write(frames, _json.WrittenSpan);
    }

    public void Dispose() => _writer.Dispose();

    private void WriteDelta(SlotKey slot, ReadOnlySpan<char> text)
    {
        switch (slot.Field)
        {
            case SlotField.Content:
                _writer.WriteString("content"u8, text);
                break;
            case SlotField.Refusal:
                _writer.WriteString("refusal"u8, text);
                break;
            case SlotField.Reasoning:
                _writer.WriteString("reasoning"u8, text);
                break;
            case SlotField.ReasoningContent:
                _writer.WriteString("reasoning_content"u8, text);
                break;
            case SlotField.FunctionArguments:
                _writer.WriteStartObject("function_call"u8);
                _writer.WriteString("arguments"u8, text);
                _writer.WriteEndObject();
                break;
            case SlotField.Other:
                _writer.WriteString(slot.Name!, text);
                break;
            default:
                _writer.WriteStartArray("tool_calls"u8);
                _writer.WriteStartObject();
                _writer.WriteNumber("index"u8, slot.Tool);
                _writer.WriteStartObject(slot.Field == SlotField.ToolInput ? "custom"u8 : "function"u8);
                _writer.WriteString(slot.Field == SlotField.ToolInput ? "input"u8 : "arguments"u8, text);
                _writer.WriteEndObject();
                _writer.WriteEndObject();
                _writer.WriteEndArray();
                break;
        }
    }

    private void WriteRaw(ReadOnlySpan<byte> name, byte[]? value)
    {
        if (value is not null)
        {
            _writer.WritePropertyName(name);
            _writer.WriteRawValue(value, skipInputValidation: true);
        }
    }

    /// <summary>The value's own bytes, if it is a string or a number.</summary>
    private static byte[]? Raw(ref Utf8JsonReader reader, ReadOnlySpan<byte> chunk)
    {
        reader.Read();
        var raw = reader.TokenType is JsonTokenType.String or JsonTokenType.Number
            ? chunk[(int)reader.TokenStartIndex..(int)reader.BytesConsumed].ToArray()
            : null;
        reader.Skip();
        return raw;
    }
}
