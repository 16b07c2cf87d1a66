namespace Proofgate.Audit.Notes;

/// <summary>What a key signs and how: the signature types of C2SP signed-note that are used here.</summary>
public enum NoteKeyType
{
    /// <summary>Ed25519 (RFC 8032) over the note's text.</summary>
    Ed25519 = 1,

    /// <summary>ECDSA with SHA-256 over the note's text, the signature in DER. Only P-256 is used.</summary>
    Ecdsa = 2,

    /// <summary>A witness's timestamped Ed25519 signature over a checkpoint (C2SP tlog-cosignature, cosignature/v1).</summary>
    Cosignature = 4,
}
