using Proofgate.Audit.Cosigning;

namespace Proofgate.Audit;

/// <summary>
/// Section <c>Proofgate:Audit:Checkpoints</c>: the key that signs the log, and who else signs. Without <see cref="KeyId"/> the key is the secret
/// <see cref="AuditOptions.LogKeyKey"/>.
/// </summary>
public sealed class CheckpointOptions
{
    public const string Section = $"{AuditOptions.Section}:Checkpoints";

    /// <summary>Where the log's former private key is, when it was no vault's.</summary>
    public const string FormerLogKeyKey = "Proofgate:Secrets:FormerLogKey";

    internal const int MaxWitnesses = 16;

    /// <summary>A P-256 key in Key Vault with its version, <c>https://name.vault.azure.net/keys/name/version</c>. The writer needs keys/get and keys/sign.</summary>
    public Uri? KeyId { get; set; }

    /// <summary>
    /// The key that signed before, in Key Vault. While it is named here, or as <see cref="FormerLogKeyKey"/>, the writer first hands over from it, once:
    /// a leaf of the super-log that both sign.
    /// </summary>
    public Uri? FormerKeyId { get; set; }

    /// <summary>Who is asked to cosign checkpoints (C2SP tlog-witness), at most 16.</summary>
    public IList<WitnessOptions> Witnesses { get; } = [];

    /// <summary>How often witnesses are asked. Default 5 s.</summary>
    public TimeSpan WitnessInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a witness may take for one answer. Default 5 s.</summary>
    public TimeSpan WitnessTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
