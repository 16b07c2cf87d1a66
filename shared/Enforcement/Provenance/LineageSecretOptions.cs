using System.Globalization;

namespace Proofgate.Enforcement.Provenance;

/// <summary>
/// Section <c>Proofgate:Secrets:Lineage</c>: version (1 to 65535) to secret (base64 of at least 32 bytes). The highest seals new lineage tokens; one before it stays
/// until its last token has expired. Without any, the secret follows from the audit master key, and its tokens stay good beside later versions.
/// </summary>
public sealed class LineageSecretOptions : Dictionary<string, string>
{
    public const string Section = "Proofgate:Secrets:Lineage";

    private const int MinimumBytes = 32;

    /// <summary>0 where there is none.</summary>
    internal int Newest => Keys.Select(static v => TryVersion(v, out var version) ? version : 0).DefaultIfEmpty().Max();

    internal byte[]? Find(int version) => TryGetValue(version.ToString(CultureInfo.InvariantCulture), out var secret) ? TrySecret(secret) : null;

    internal IEnumerable<string> Problems()
    {
        foreach (var (version, secret) in this)
        {
            if (!TryVersion(version, out _))
            {
                yield return $"{Section}:{version} must be a version number, 1 to {ushort.MaxValue}.";
            }

            // The value stays out of the message: it is a secret.
            if (TrySecret(secret) is null)
            {
                yield return $"{Section}:{version} must be base64 of at least {MinimumBytes} bytes.";
            }
        }
    }

    private static bool TryVersion(string text, out int version) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version) && version is > 0 and <= ushort.MaxValue
        && text == version.ToString(CultureInfo.InvariantCulture);

    private static byte[]? TrySecret(string? text)
    {
        var bytes = new byte[((text?.Length ?? 0) / 4 * 3) + 3];
        return text is not null && Convert.TryFromBase64String(text, bytes, out var length) && length >= MinimumBytes ? bytes[..length] : null;
    }
}
