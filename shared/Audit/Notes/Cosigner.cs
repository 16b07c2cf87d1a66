using System.Buffers.Binary;

namespace Proofgate.Audit.Notes;

/// <summary>A witness's key: signs checkpoints with the time (C2SP tlog-cosignature, cosignature/v1).</summary>
public sealed class Cosigner(string name, Ed25519Signer key, TimeProvider time)
{
    public VerifierKey Key { get; } = VerifierKey.Create(name, NoteKeyType.Cosignature, key.PublicKey.Span);

    /// <summary>A cosignature over a checkpoint's text.</summary>
    public NoteSignature Cosign(ReadOnlySpan<byte> text)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var signature = new byte[8 + 64];
        BinaryPrimitives.WriteInt64BigEndian(signature, now);
        key.Sign(VerifierKey.Cosigned(text, now)).CopyTo(signature, 8);
        return new NoteSignature(Key.Name, Key.Id, signature);
    }
}
