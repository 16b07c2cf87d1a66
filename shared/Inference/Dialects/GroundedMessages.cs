using System.Runtime.InteropServices;
using System.Text.Json;
using Proofgate.Enforcement;

namespace Proofgate.Inference.Dialects;

/// <summary>
/// Places what was fetched among the messages of a prompt: after what the application says to the model, before what a person says, and with no more weight than
/// that, because whoever wrote a row is nobody who may give orders.
/// </summary>
internal static class GroundedMessages
{
    internal static void Write(Utf8JsonWriter writer, JsonElement said, IReadOnlyList<GroundingPassage> passages)
    {
        writer.WriteStartArray();
        var placed = false;
        foreach (var message in said.ValueKind == JsonValueKind.Array ? said.EnumerateArray() : default)
        {
            if (!placed && JsonBody.TextOf(message, "role") is not ("system" or "developer"))
            {
                Place(writer, passages);
                placed = true;
            }

            writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(message), skipInputValidation: true);
        }

        if (!placed)
        {
            Place(writer, passages);
        }

        if (said.ValueKind == JsonValueKind.String)
        {
            WriteMessage(writer, said.GetString()!);
        }

        writer.WriteEndArray();
    }

    private static void Place(Utf8JsonWriter writer, IReadOnlyList<GroundingPassage> passages)
    {
        foreach (var passage in passages)
        {
            WriteMessage(writer, passage.Text);
        }
    }

    private static void WriteMessage(Utf8JsonWriter writer, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("role"u8, "user"u8);
        writer.WriteString("content"u8, text);
        writer.WriteEndObject();
    }
}
