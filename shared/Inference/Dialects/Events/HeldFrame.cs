using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Proofgate.Inference.Relay;

namespace Proofgate.Inference.Dialects.Events;

/// <summary>The last event that brought a piece of a text, without the piece: what was held of the text goes out in another like it.</summary>
internal sealed class HeldFrame
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _before = new(256);
    private readonly ArrayBufferWriter<byte> _after = new(64);
    private byte[] _name = [];

    /// <param name="name">Of the event.</param>
    /// <param name="before">Its JSON up to the text.</param>
    /// <param name="after">From there to the last member, without the end of the object.</param>
    internal void Learn(ReadOnlySpan<byte> name, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (!name.SequenceEqual(_name))
        {
            _name = name.ToArray();
        }

        _before.ResetWrittenCount();
        _before.Write(before);
        _after.ResetWrittenCount();
        _after.Write(after);
    }

    /// <summary>Writes the event with this text.</summary>
    internal void Write(IBufferWriter<byte> frames, ReadOnlySpan<char> text, long? sequence)
    {
        var json = new ArrayBufferWriter<byte>(_before.WrittenCount + text.Length + 64);
        json.Write(_before.WrittenSpan);
        using (var writer = new Utf8JsonWriter(json, Relaxed))
        {
            writer.WriteStringValue(text);
        }

        json.Write(_after.WrittenSpan);
        EndObject(json, sequence);
        SseFrame.Write(frames, _name, json.WrittenSpan);
    }

    /// <summary>The end of an event's object: its number is always last.</summary>
    internal static void EndObject(IBufferWriter<byte> json, long? sequence)
    {
        if (sequence is { } number)
        {
            json.Write(",\"sequence_number\":"u8);
            json.Write(System.Text.Encoding.UTF8.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        json.Write("}"u8);
    }
}
