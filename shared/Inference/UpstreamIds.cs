using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Proofgate.Inference;

/// <summary>
/// Ids of things at a provider, as one caller sees them. All callers share one account there, so an id goes out wrapped: AES-256-GCM
/// under a key of tenant and subject, with a nonce that is the HMAC of the id, so that one id is one name and nobody else's opens.
/// </summary>
public sealed class UpstreamIds(ReadOnlySpan<byte> secret)
{
    /// <summary>Of a provider's id, in bytes. Longer ones are not ids.</summary>
    internal const int MaxIdLength = 512;

    private const string Mark = "pgid_";
    private const int NonceLength = 12;
    private const int TagLength = 16;

    private readonly byte[] _sealing = HKDF.Expand(HashAlgorithmName.SHA256, Stretched(secret), 32, "proofgate upstream id seal"u8.ToArray());
    private readonly byte[] _naming = HKDF.Expand(HashAlgorithmName.SHA256, Stretched(secret), 32, "proofgate upstream id nonce"u8.ToArray());

    /// <summary>The caller's name for a provider's id.</summary>
    /// <exception cref="AnswerFormatException">It is too long for an id.</exception>
    internal string Wrap(string id)
    {
        var plain = Encoding.UTF8.GetBytes(id);
        if (plain.Length > MaxIdLength)
        {
            throw new AnswerFormatException($"The upstream's id is longer than {MaxIdLength} bytes.");
        }

        var whole = new byte[NonceLength + plain.Length + TagLength];
        HMACSHA256.HashData(_naming, plain).AsSpan(0, NonceLength).CopyTo(whole);
        using var gcm = new AesGcm(_sealing, TagLength);
        gcm.Encrypt(whole.AsSpan(0, NonceLength), plain, whole.AsSpan(NonceLength, plain.Length), whole.AsSpan(NonceLength + plain.Length));
        return KindOf(id) + Mark + Base64Url.EncodeToString(whole);
    }

    /// <returns>The provider's id; null if it was not issued to this caller.</returns>
    internal string? Unwrap(string id)
    {
        var mark = id.IndexOf(Mark, StringComparison.Ordinal);
        if (mark < 0 || id.Length - mark > (MaxIdLength * 2))
        {
            return null;
        }

        byte[] whole;
        try
        {
            whole = Base64Url.DecodeFromChars(id.AsSpan(mark + Mark.Length));
        }
        catch (FormatException)
        {
            return null;
        }

        if (whole.Length < NonceLength + TagLength)
        {
            return null;
        }

        var plain = new byte[whole.Length - NonceLength - TagLength];
        try
        {
            using var gcm = new AesGcm(_sealing, TagLength);
            gcm.Decrypt(whole.AsSpan(0, NonceLength), whole.AsSpan(NonceLength, plain.Length), whole.AsSpan(NonceLength + plain.Length), plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }

        var opened = Encoding.UTF8.GetString(plain);
        return KindOf(opened).AsSpan().SequenceEqual(id.AsSpan(0, mark)) ? opened : null;
    }

    /// <summary>The beginning that clients look at, such as <c>msg_</c>; it says nothing of the thing itself.</summary>
    private static string KindOf(string id)
    {
        var end = id.IndexOf('_', StringComparison.Ordinal);
        return end is > 0 and <= 12 && id.AsSpan(0, end).IndexOfAnyExceptInRange('a', 'z') < 0 ? id[..(end + 1)] : string.Empty;
    }

    private static byte[] Stretched(ReadOnlySpan<byte> secret) => HKDF.Extract(HashAlgorithmName.SHA256, secret.ToArray());
}
