using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Proofgate.Inference.Dialects;

/// <summary>
/// Every string of a request is text to be inspected, member names included: messages, tools, schemas, and what a provider adds
/// tomorrow. Only the data of parts that are not text (images, audio, files, remote addresses) is left out, and those make the call opaque.
/// </summary>
internal static class TextSlots
{
    internal readonly record struct Measured(long Length, bool Opaque);

    /// <summary>Characters, counted by their escaped UTF-8 form (never fewer than there are), and whether anything is opaque.</summary>
    /// <exception cref="InvalidOperationException">A string or name has an escape that is no Unicode text.</exception>
    internal static Measured Measure(JsonElement root)
    {
        long length = 0;
        var opaque = false;
        Measure(root, ref length, ref opaque);
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty(OwnMember.Name, out var own))
        {
            // Read with the rest, to know that it can be read; none of it is sent.
            long unsent = OwnMember.Name.Length;
            var any = false;
            Measure(own, ref unsent, ref any);
            length -= unsent;
        }

        return new Measured(length, opaque);
    }

    /// <summary>Shows what of a body is sent on.</summary>
    internal static void VisitBody(JsonElement root, ReadOnlySpanAction<char, object?> inspect, object? state) => Visit(root, inspect, state, OwnMember.Name);

    private static void Visit(JsonElement element, ReadOnlySpanAction<char, object?> inspect, object? state, string? without = null)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var isOpaque = IsOpaquePart(element, out var encoded);
                foreach (var member in element.EnumerateObject())
                {
                    if (without is not null && member.NameEquals(without))
                    {
                        continue;
                    }

                    inspect(member.Name, state);
                    if (!isOpaque || !IsData(member, encoded))
                    {
                        Visit(member.Value, inspect, state);
                    }
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Visit(item, inspect, state);
                }

                break;
            case JsonValueKind.String:
                VisitString(element, inspect, state);
                break;
        }
    }

    /// <summary>
    /// Writes a request in which placeholders stand for values. What has none keeps its bytes, names of members too: a value in one is left, and
    /// whoever sends the request finds it there.
    /// </summary>
    internal static void WriteProtected(Utf8JsonWriter writer, JsonElement element, PlaceholderMap map)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var isOpaque = IsOpaquePart(element, out var encoded);
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    if (isOpaque && IsData(member, encoded))
                    {
                        WriteRaw(writer, member.Value);
                    }
                    else
                    {
                        WriteProtected(writer, member.Value, map);
                    }
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    WriteProtected(writer, item, map);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                var text = element.GetString()!;
                var safe = Protected(text, map);
                if (ReferenceEquals(safe, text))
                {
                    WriteRaw(writer, element);
                }
                else
                {
                    writer.WriteStringValue(safe);
                }

                break;
            default:
                WriteRaw(writer, element);
                break;
        }
    }

    /// <summary>Of a text that is JSON itself the meaning is protected: its reader sees through escapes.</summary>
    private static string Protected(string text, PlaceholderMap map)
    {
        if (!text.Contains('\\') || !AnswerText.BeginsJson(text))
        {
            return map.Protect(text);
        }

        var meant = JsonTextFilter.Read(text);
        var safe = map.Protect(meant);
        return ReferenceEquals(safe, meant) ? text : JsonTextFilter.Write(safe);
    }

    private static void WriteRaw(Utf8JsonWriter writer, JsonElement element) =>
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(element), skipInputValidation: true);

    private static void Measure(JsonElement element, ref long length, ref bool opaque)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var isOpaque = IsOpaquePart(element, out var encoded);
                opaque |= isOpaque;
                foreach (var member in element.EnumerateObject())
                {
                    length += member.Name.Length;
                    if (!isOpaque || !IsData(member, encoded))
                    {
                        Measure(member.Value, ref length, ref opaque);
                    }
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Measure(item, ref length, ref opaque);
                }

                break;
            case JsonValueKind.String:
                var raw = JsonMarshal.GetRawUtf8Value(element)[1..^1];
                length += raw.Length;
                if (raw.Contains((byte)'\\'))
                {
                    _ = element.GetString();
                }

                break;
        }
    }

    /// <summary>A text may have JSON in it, such as the arguments of a tool: what an escape there means is looked at too.</summary>
    private static void VisitString(JsonElement element, ReadOnlySpanAction<char, object?> inspect, object? state)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element)[1..^1];
        if (raw.Contains((byte)'\\'))
        {
            var text = element.GetString()!;
            inspect(text, state);
            if (JsonTextFilter.MeaningOf(text) is { } meant)
            {
                inspect(meant, state);
            }

            return;
        }

        var chars = ArrayPool<char>.Shared.Rent(raw.Length);
        try
        {
            var count = Encoding.UTF8.GetChars(raw, chars);
            inspect(chars.AsSpan(0, count), state);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(chars, clearArray: true);
        }
    }

    /// <summary>A content part with data that is not text: it cannot be inspected.</summary>
    private static bool IsOpaquePart(JsonElement element, out bool encoded)
    {
        encoded = false;
        if (!element.TryGetProperty("type"u8, out var type) || type.ValueKind != JsonValueKind.String)
        {
            return false;
        }

        var base64 = encoded = type.ValueEquals("base64"u8);
        return element.EnumerateObject().Any(m => IsData(m, base64));
    }

    /// <param name="member">Of a content part, or of its source.</param>
    /// <param name="encoded">Whether the part says that its data is in base64.</param>
    private static bool IsData(JsonProperty member, bool encoded) =>
        (encoded && member.NameEquals("data"u8)) || member.NameEquals("file_data"u8) || member.NameEquals("file_url"u8) ||
        member.NameEquals("image_url"u8) || member.NameEquals("input_audio"u8) || member.NameEquals("file"u8)
        || member.NameEquals("video_url"u8) || member.NameEquals("audio_url"u8);
}
