namespace Proofgate.Audit.Sealing;

/// <summary>A data key in memory.</summary>
internal sealed class SubjectKey(string keyId, byte[] key)
{
    internal string KeyId { get; } = keyId;

    internal byte[] Key { get; } = key;

    /// <summary>Never the key.</summary>
    public override string ToString() => KeyId;
}
