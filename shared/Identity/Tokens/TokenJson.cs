using System.Text.Json;
using System.Text.Unicode;

namespace Proofgate.Identity.Tokens;

/// <summary>JSON that has one reading only (RFC 8725, 2.4 and 3.7): strict UTF-8 (B7), no repeated name on any level, bounded depth.</summary>
internal static class TokenJson
{
    internal const int MaxDepth = 24;

    internal static bool TryParseObject(ReadOnlyMemory<byte> utf8, out JsonElement json)
    {
        json = default;
        try
        {
            if (!Utf8.IsValid(utf8.Span) || !IsPlain(utf8.Span))
            {
                return false;
            }

            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth });
            json = document.RootElement.Clone();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, written as an escape.
            return false;
        }
    }

    private static bool IsPlain(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        var names = new Stack<HashSet<string>>();
        var first = true;
        while (reader.Read())
        {
            if (first && reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            first = false;
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    names.Push(new HashSet<string>(StringComparer.Ordinal));
                    break;
                case JsonTokenType.EndObject:
                    names.Pop();
                    break;
                case JsonTokenType.PropertyName when !names.Peek().Add(reader.GetString()!):
                    return false;
                case JsonTokenType.String:
                    // Throws for text that is no Unicode.
                    reader.GetString();
                    break;
            }
        }

        return !first;
    }
}
