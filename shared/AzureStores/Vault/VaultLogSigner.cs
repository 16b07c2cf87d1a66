using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using Proofgate.Audit;
using Proofgate.Audit.Notes;

namespace Proofgate.AzureStores.Vault;

/// <summary>
/// Signs checkpoints with a key that the writer cannot read. What the vault answers is verified under the key's public half first: a vault that answers
/// with anything else never yields a checkpoint.
/// </summary>
internal sealed class VaultLogSigner(VaultKey key) : ILogSigner
{
    private byte[]? _publicKey;

    public NoteKeyType Type => NoteKeyType.Ecdsa;

    public ReadOnlyMemory<byte> PublicKey =>
        _publicKey ?? throw new InvalidOperationException("The public key of the log was not asked for yet.");

    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (_publicKey is not null)
            return;
        try
        {
            _publicKey = await key.PublicKeyAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (StoreUnavailableException e)
        {
            throw new EvidenceUnavailableException(e.Message, e);
        }
    }

    public async ValueTask<byte[]> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken).ConfigureAwait(false);
        var digest = SHA256.HashData(text.Span);
        byte[] signature;
        try
        {
            signature = await key.SignAsync(digest, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreUnavailableException e)
        {
            throw new EvidenceUnavailableException(e.Message, e);
        }

        using var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(PublicKey.Span, out _);
        return ecdsa.VerifyHash(digest, signature, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
            ? ToDer(signature)
            : throw new InvalidOperationException("Key Vault answered with a signature that does not verify under the key that was asked for.");
    }

    /// <summary>A vault gives r and s side by side (RFC 7518, 3.4); a note has the DER of ECDSA-Sig-Value (RFC 3279, 2.2.3).</summary>
    internal static byte[] ToDer(ReadOnlySpan<byte> signature)
    {
        var half = signature.Length / 2;
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new BigInteger(signature[..half], isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new BigInteger(signature[half..], isUnsigned: true, isBigEndian: true));
        }

        return writer.Encode();
    }
}
