namespace Proofgate.Audit.Sealing;

/// <summary>A sealed personal part: <paramref name="KeyId"/> is lookup "." generation of the data key, <paramref name="Data"/> ciphertext and tag.</summary>
public readonly record struct SealedPart(string KeyId, byte[] Nonce, byte[] Data);
