namespace Proofgate.Audit.Notes;

/// <summary>The one spelling that base64 has (RFC 4648, 4): padded, no white space, no stray bits.</summary>
internal static class Base64
{
    internal static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64String(text, bytes, out var length))
            return false;
        Array.Resize(ref bytes, length);
        return Convert.ToBase64String(bytes) == text;
    }
}
