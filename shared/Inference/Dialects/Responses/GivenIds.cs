using System.Runtime.InteropServices;
using System.Text.Json;

namespace Proofgate.Inference.Dialects.Responses;

/// <summary>The ids of a request for a response: those that a caller gives back, and those that lead to what is stored at the provider.</summary>
internal static class GivenIds
{
    /// <summary>Members that name what is stored there, whoever stored it.</summary>
    private static readonly string[] Stored = ["file_id", "file_ids", "vector_store_ids", "skill_id"];

    /// <summary>Free JSON: the names in it are the caller's own.</summary>
    private static readonly string[] Free = ["parameters", "input_schema"];

    /// <summary>Whether the value of a member is an id that an answer gave to this caller.</summary>
    /// <param name="member">Of an item, or of something in one.</param>
    /// <param name="isItem">Whether it is a member of the item itself.</param>
    /// <param name="isCitation">Whether it is a member of what an answer says of its sources.</param>
    private static bool IsGiven(JsonProperty member, bool isItem, bool isCitation) =>
        (isItem && member.NameEquals("id"u8)) || member.NameEquals("container_id"u8) || member.NameEquals("approval_request_id"u8)
        || (member.NameEquals("container"u8) && member.Value.ValueKind == JsonValueKind.String) || (isCitation && member.NameEquals("file_id"u8));

    /// <summary>What is wrong with the ids in an item or a tool; null if nothing is.</summary>
    internal static DialectRead.Rejected? Check(JsonElement element, UpstreamIds? ids, string param, bool isItem = true, bool isCitation = false)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            return element.EnumerateArray().Select(e => Check(e, ids, param, isItem: false, isCitation)).FirstOrDefault(static r => r is not null);
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var member in element.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null || Free.Contains(member.Name))
            {
                continue;
            }

            if (IsGiven(member, isItem, isCitation))
            {
                if (member.Value.ValueKind != JsonValueKind.String || ids?.Unwrap(member.Value.GetString()!) is null)
                {
                    return JsonBody.NotGiven(member.Name, param);
                }
            }
            else if (Stored.Contains(member.Name))
            {
                return JsonBody.Stored($"{param}[].{member.Name}", param);
            }
            else if (Check(member.Value, ids, param, isItem: false, isCitation || IsCitation(member)) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    /// <summary>Writes a value that was checked with the provider's own ids, and all else byte for byte.</summary>
    internal static void WriteOpened(Utf8JsonWriter writer, JsonElement element, UpstreamIds? ids, bool isItem, bool isCitation = false)
    {
        if (!HasGiven(element, isItem, isCitation))
        {
            writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(element), skipInputValidation: true);
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            writer.WriteStartArray();
            foreach (var entry in element.EnumerateArray())
            {
                WriteOpened(writer, entry, ids, isItem, isCitation);
            }

            writer.WriteEndArray();
        }
        else
        {
            writer.WriteStartObject();
            foreach (var member in element.EnumerateObject())
            {
                writer.WritePropertyName(member.Name);
                if (IsGiven(member, isItem, isCitation) && member.Value.ValueKind == JsonValueKind.String)
                {
                    var given = member.Value.GetString()!;
                    writer.WriteStringValue(ids?.Unwrap(given) ?? given);
                }
                else
                {
                    WriteOpened(writer, member.Value, ids, isItem: false, isCitation || IsCitation(member));
                }
            }

            writer.WriteEndObject();
        }
    }

    private static bool IsCitation(JsonProperty member) => member.NameEquals("annotations"u8) || member.NameEquals("results"u8);

    private static bool HasGiven(JsonElement element, bool isItem, bool isCitation) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Any(e => HasGiven(e, isItem, isCitation)),
        JsonValueKind.Object => element.EnumerateObject().Any(m => !Free.Contains(m.Name)
            && (IsGiven(m, isItem, isCitation) || HasGiven(m.Value, isItem: false, isCitation || IsCitation(m)))),
        _ => false,
    };
}
