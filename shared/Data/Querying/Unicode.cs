using System.Text.Json;

namespace Proofgate.Data.Querying;

/// <summary>Whether texts mean the same to every source: lone surrogates and null characters do not.</summary>
internal static class Unicode
{
    internal static bool IsWhole(JsonElement node)
    {
        try
        {
            return node.ValueKind switch
            {
                JsonValueKind.String => IsWhole(node.GetString()!),
                JsonValueKind.Object => node.EnumerateObject().All(static m => IsWhole(m.Name) && IsWhole(m.Value)),
                JsonValueKind.Array => node.EnumerateArray().All(IsWhole),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            // The parser lets bad UTF-8 and lone surrogates pass; reading them does not.
            return false;
        }
    }

    internal static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]) && ++i > 0)))
            {
                return false;
            }
        }

        return true;
    }
}
