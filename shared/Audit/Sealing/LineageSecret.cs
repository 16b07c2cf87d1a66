namespace Proofgate.Audit.Sealing;

/// <summary>The secret from which keys of lineage tokens follow where the deployment names none of its own: who may compare digests of content cannot make a token.</summary>
public sealed class LineageSecret(AuditKeys keys)
{
    /// <returns>32 bytes, the same in every process of the deployment.</returns>
    public byte[] Derive() => keys.Derive("lineage");

    /// <summary>Never the secret.</summary>
    public override string ToString() => nameof(LineageSecret);
}
