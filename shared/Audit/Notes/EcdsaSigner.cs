using System.Security.Cryptography;

namespace Proofgate.Audit.Notes;

/// <summary>ES256 with a key of .NET: what a vault's key does from afar.</summary>
public sealed class EcdsaSigner : ILogSigner
{
    private readonly ECDsa _key;

    /// <exception cref="ArgumentException">The key is not on P-256.</exception>
    public EcdsaSigner(ECDsa key)
    {
        _key = key;
        var publicKey = key.ExportSubjectPublicKeyInfo();
        _ = VerifierKey.Create("p256", NoteKeyType.Ecdsa, publicKey);
        PublicKey = publicKey;
    }

    public NoteKeyType Type => NoteKeyType.Ecdsa;

    public ReadOnlyMemory<byte> PublicKey { get; }

    public ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_key.SignData(text.Span, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
}
