namespace Proofgate.Audit.Sealing;

/// <summary>Secrets of the data room, each for its own purpose.</summary>
public sealed class DataSecrets(AuditKeys keys)
{
    /// <summary>For the cursors of one person by one application: 32 bytes, the same whenever the same three ask.</summary>
    public byte[] Cursors(string tenant, string subject, string client) =>
        keys.Derive("data-cursors", $"{tenant.Length}\n{tenant}\n{subject.Length}\n{subject}\n{client}");

    /// <summary>From which the keys of columns' pseudonyms follow: 32 bytes.</summary>
    public byte[] Pseudonyms() => keys.Derive("data-pseudonyms");
}
