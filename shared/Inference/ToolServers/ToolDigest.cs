using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Proofgate.Inference.ToolServers;

/// <summary>
/// SHA-256 of what models and clients are told of a tool: name, title, description, input schema and hints, as JSON with the members of every object in the order of their names. A server that
/// changes any of it after somebody looked at it has another tool.
/// </summary>
public static class ToolDigest
{
    /// <returns>Lower-case hex.</returns>
    public static string Of(Tool tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        var json = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("annotations"u8);
            Write(writer, HintJson.Of(tool));
            writer.WriteString("description"u8, tool.Description);
            writer.WritePropertyName("inputSchema"u8);
            Write(writer, tool.InputSchema);
            writer.WriteString("name"u8, tool.Name);
            writer.WriteString("title"u8, tool.Title);
            writer.WriteEndObject();
        }

        return Convert.ToHexStringLower(SHA256.HashData(json.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Undefined:
                writer.WriteNullValue();
                break;
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(static m => m.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
