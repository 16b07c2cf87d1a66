using System.Text.Json;
using Proofgate.Identity.Jose;

namespace Proofgate.Identity.Tokens;

/// <summary>JSON that has one reading only (RFC 8725, 2.4 and 3.7), and is text throughout (B7): claims are handed on, and must be what they seem.</summary>
internal static class TokenJson
{
    internal static bool TryParseObject(ReadOnlyMemory<byte> utf8, out JsonElement json)
    {
        json = default;
        if (!StrictJson.TryParseObject(utf8, out var document))
        {
            return false;
        }

        using (document)
        {
            if (!IsText(document.RootElement))
            {
                return false;
            }

            json = document.RootElement.Clone();
            return true;
        }
    }

    /// <summary>Half a surrogate pair can be written as an escape, and is found only when the string is read.</summary>
    private static bool IsText(JsonElement node)
    {
        try
        {
            return node.ValueKind switch
            {
                JsonValueKind.String => node.GetString() is not null,
                JsonValueKind.Object => node.EnumerateObject().All(static m => m.Name is not null && IsText(m.Value)),
                JsonValueKind.Array => node.EnumerateArray().All(IsText),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
