using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Proofgate.Policy.Signing;

/// <summary>
/// A policy key whole, as <c>proofgate policy keygen</c> makes it: a first line that names it, then the private key in PEM (PKCS #8), which
/// RFC 7468 allows to stand so. It never prints itself.
/// </summary>
public sealed class PolicySigningKey : IPolicySigner, IDisposable
{
    /// <summary>Characters of a key file.</summary>
    public const int MaxLength = 4096;

    private const string NameLine = "proofgate-policy-key: ";

    private readonly ECDsa _key;
    private readonly Lock _turn = new();

    private PolicySigningKey(string name, ECDsa key, PolicyPublicKey publicKey) => (Key, _key, PublicKey) = (name, key, publicKey);

    public string Key { get; }

    public PolicyPublicKey PublicKey { get; }

    /// <exception cref="ArgumentException">The name is none.</exception>
    public static PolicySigningKey Create(string name)
    {
        if (!KeyNames.IsName(name))
        {
            throw new ArgumentException($"A policy key's name has {KeyNames.Rule}.", nameof(name));
        }

        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new PolicySigningKey(name, key, PolicyPublicKey.Of(key)!);
    }

    public static bool TryParse(string? text, [NotNullWhen(true)] out PolicySigningKey? key)
    {
        key = null;
        if (text is not { Length: > 0 and <= MaxLength } || !text.StartsWith(NameLine, StringComparison.Ordinal)
            || text.IndexOf('\n', StringComparison.Ordinal) is not (> 0 and var end))
        {
            return false;
        }

        var name = text[NameLine.Length..end].Trim();
        var ec = ECDsa.Create();
        try
        {
            ec.ImportFromPem(text.AsSpan(end));
            if (KeyNames.IsName(name) && PolicyPublicKey.Of(ec) is { } publicKey && HasPrivateHalf(ec))
            {
                key = new PolicySigningKey(name, ec, publicKey);
                return true;
            }
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            // Not a key; the caller says so without repeating it.
        }

        ec.Dispose();
        return false;
    }

    /// <summary>What a key file holds. A secret.</summary>
    public string Reveal() => $"{NameLine}{Key}\n{_key.ExportPkcs8PrivateKeyPem()}\n";

    public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            return new(_key.SignData(data.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        }
    }

    public override string ToString() => $"policy key {Key}";

    public void Dispose() => _key.Dispose();

    private static bool HasPrivateHalf(ECDsa key)
    {
        try
        {
            CryptographicOperations.ZeroMemory(key.ExportParameters(includePrivateParameters: true).D);
            return true;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
