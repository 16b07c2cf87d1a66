using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Proofgate.Local.Hub;

/// <summary>A shared access signature: which resource somebody who has the key may use, and until when.</summary>
internal readonly record struct SasToken(string Path, DateTimeOffset Until)
{
    private const string Prefix = "SharedAccessSignature ";

    /// <summary>Null if the token is not one of this key, or is over.</summary>
    internal static SasToken? TryCheck(string? text, string keyName, string key, DateTimeOffset now)
    {
        if (text is not { Length: <= 4096 } || !text.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var fields = text[Prefix.Length..].Split('&')
            .Select(static f => f.Split('=', 2)).Where(static f => f.Length == 2)
            .DistinctBy(static f => f[0], StringComparer.Ordinal).ToDictionary(static f => f[0], static f => f[1], StringComparer.Ordinal);
        if (!fields.TryGetValue("sr", out var resource) || !fields.TryGetValue("se", out var expiry)
            || !fields.TryGetValue("sig", out var signature) || !fields.TryGetValue("skn", out var name))
            return null;
        // What is signed are the fields as they stand in the token, under the text of the key: it is not decoded from base64.
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{resource}\n{expiry}"));
        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes + 3];
        if (Uri.UnescapeDataString(name) != keyName
            || !Convert.TryFromBase64String(Uri.UnescapeDataString(signature), given, out var length)
            || !CryptographicOperations.FixedTimeEquals(given[..length], expected)
            || !long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > int.MaxValue * 2L
            || !Uri.TryCreate(Uri.UnescapeDataString(resource), UriKind.Absolute, out var address))
            return null;
        var until = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return until > now ? new SasToken(Uri.UnescapeDataString(address.AbsolutePath).Trim('/'), until) : null;
    }

    /// <summary>Whether the resource is the one that the token names, or lies below it.</summary>
    internal bool Covers(string path, DateTimeOffset now) => Until > now
        && (Path.Length == 0 || path.Equals(Path, StringComparison.OrdinalIgnoreCase) || path.StartsWith(Path + "/", StringComparison.OrdinalIgnoreCase));
}
