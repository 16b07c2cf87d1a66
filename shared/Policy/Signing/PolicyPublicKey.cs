using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Proofgate.Policy.Signing;

/// <summary>The public half of a policy key: all that a gateway holds.</summary>
public sealed class PolicyPublicKey
{
    private const int MaxEncoded = 512;
    private const int SignatureBytes = 64;

    private readonly byte[] _spki;

    private PolicyPublicKey(byte[] spki) => _spki = spki;

    /// <summary>SubjectPublicKeyInfo in base64, as settings hold it.</summary>
    public string Encoded => Convert.ToBase64String(_spki);

    /// <summary>SHA-256 of the SubjectPublicKeyInfo, lower-case hex.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(_spki));

    /// <summary>Reads a P-256 key. Two spellings of one key are one key: what is kept is the encoding that we make of it.</summary>
    public static bool TryParse(string? encoded, [NotNullWhen(true)] out PolicyPublicKey? key)
    {
        key = null;
        if (encoded is not { Length: > 0 and <= MaxEncoded })
        {
            return false;
        }

        try
        {
            using var ec = ECDsa.Create();
            ec.ImportSubjectPublicKeyInfo(Convert.FromBase64String(encoded), out _);
            key = Of(ec);
            return key is not null;
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return false;
        }
    }

    /// <returns>Null if the key is on another curve.</returns>
    internal static PolicyPublicKey? Of(ECDsa key) =>
        key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == ECCurve.NamedCurves.nistP256.Oid.Value
            ? new PolicyPublicKey(key.ExportSubjectPublicKeyInfo())
            : null;

    internal bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureBytes)
        {
            return false;
        }

        using var ec = ECDsa.Create();
        ec.ImportSubjectPublicKeyInfo(_spki, out _);
        return ec.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}
