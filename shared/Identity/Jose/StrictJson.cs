using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace Proofgate.Identity.Jose;

/// <summary>JSON in which no two parsers can read two different things: whatever is signed is read as its signer meant it, or not at all.</summary>
internal static class StrictJson
{
    /// <summary>Far more than any header or claim set has.</summary>
    internal const int MaxDepth = 16;

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    /// <summary>One object in UTF-8 and nothing behind it, without a member named twice at any level, escaped or not.</summary>
    internal static bool TryParseObject(ReadOnlyMemory<byte> utf8, [NotNullWhen(true)] out JsonDocument? document)
    {
        document = null;
        if (utf8.IsEmpty || !Utf8.IsValid(utf8.Span))
        {
            return false;
        }

        try
        {
            var parsed = JsonDocument.Parse(utf8, Options);
            if (parsed.RootElement.ValueKind == JsonValueKind.Object)
            {
                document = parsed;
                return true;
            }

            parsed.Dispose();
            return false;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    /// <returns>Null if the member is missing, no string, or half a surrogate pair is in it.</returns>
    internal static string? Text(JsonElement owner, ReadOnlySpan<byte> name)
    {
        if (!owner.TryGetProperty(name, out var member) || member.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return member.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
