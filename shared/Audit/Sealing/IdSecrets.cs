namespace Proofgate.Audit.Sealing;

/// <summary>
/// Secrets for the names by which a person and an application know what a provider made for them. A key of their own: who may compare
/// digests of content can neither make such a name nor open one.
/// </summary>
public sealed class IdSecrets(AuditKeys keys)
{
    /// <returns>32 bytes, the same whenever the same three ask.</returns>
    public byte[] Of(string tenant, string subject, string client) =>
        keys.Derive("upstream-ids", $"{tenant.Length}\n{tenant}\n{subject.Length}\n{subject}\n{client}");
}
