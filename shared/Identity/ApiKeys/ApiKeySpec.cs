namespace Proofgate.Identity.ApiKeys;

/// <summary>What a new key shall be (K3).</summary>
public sealed record ApiKeySpec
{
    /// <summary>1-100 printable characters, for people.</summary>
    public required string Name { get; init; }

    /// <summary>The subject that the key stands for; 1-200 printable characters.</summary>
    public required string Owner { get; init; }

    public SubjectKind OwnerKind { get; init; } = SubjectKind.Client;

    public required string Tenant { get; init; }

    /// <summary><c>live</c> or <c>test</c>.</summary>
    public string Environment { get; init; } = ApiKey.Live;

    public string? Purpose { get; init; }

    public IReadOnlySet<string> Roles { get; init; } = new HashSet<string>();

    /// <summary>Rank; least privilege is 0.</summary>
    public long Clearance { get; init; }

    public KeyLimits Limits { get; init; } = new();

    /// <summary>K4: RFC 7638 thumbprint of a key pair whose possession was proved; null leaves the key unbound.</summary>
    public string? Thumbprint { get; init; }

    /// <summary>Null: now.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Null: after <see cref="IdentityOptions.DefaultKeyAge"/>.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Asks, in so many words, for a key that never expires. Not together with <see cref="Expires"/>.</summary>
    public bool NeverExpires { get; init; }
}
