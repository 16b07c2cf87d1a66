using System.Globalization;

namespace Proofgate.Identity.ApiKeys;

/// <summary>
/// Section <c>Proofgate:Secrets:ApiKeyPepper</c>: version (a positive number) to secret (base64 of at least 32 bytes). The highest version
/// digests new keys; an old one stays until the last key under it has expired (K2).
/// </summary>
public sealed class ApiKeyPepperOptions : Dictionary<string, string>
{
    public const string Section = "Proofgate:Secrets:ApiKeyPepper";

    /// <summary>Shortest pepper, in bytes: the strength of HMAC-SHA256.</summary>
    public const int MinimumBytes = 32;

    internal IEnumerable<string> Problems()
    {
        if (Count == 0)
        {
            yield return $"{Section}:1 is missing: base64 of {MinimumBytes} random bytes, for example from 'openssl rand -base64 32'.";
        }

        foreach (var (version, secret) in this)
        {
            if (!TryVersion(version, out _))
            {
                yield return $"{Section}:{version} must be a version number, 1 or more.";
            }

            // The value stays out of the message: it is a secret.
            if (TrySecret(secret) is null)
            {
                yield return $"{Section}:{version} must be base64 of at least {MinimumBytes} bytes.";
            }
        }
    }

    internal static bool TryVersion(string text, out int version) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version) && version > 0
        && text == version.ToString(CultureInfo.InvariantCulture);

    internal static byte[]? TrySecret(string? text)
    {
        var bytes = new byte[(text?.Length ?? 0) / 4 * 3 + 3];
        return text is not null && Convert.TryFromBase64String(text, bytes, out var length) && length >= MinimumBytes ? bytes[..length] : null;
    }
}
