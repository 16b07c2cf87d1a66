namespace Proofgate.Identity.ApiKeys;

/// <summary>K3: what is known of a key. The key itself is not.</summary>
public sealed record ApiKeyRecord
{
    public required KeyId Id { get; init; }

    /// <summary>K2: HMAC-SHA256 of the whole key under pepper <see cref="PepperVersion"/>.</summary>
    public required ReadOnlyMemory<byte> Digest { get; init; }

    public required int PepperVersion { get; init; }

    /// <summary><c>live</c> or <c>test</c>.</summary>
    public required string Environment { get; init; }

    public required string Name { get; init; }

    /// <summary>The subject that the key stands for.</summary>
    public required string Owner { get; init; }

    public required SubjectKind OwnerKind { get; init; }

    public required string Tenant { get; init; }

    public string? Purpose { get; init; }

    public IReadOnlySet<string> Roles { get; init; } = new HashSet<string>();

    public long Clearance { get; init; }

    public KeyLimits Limits { get; init; } = new();

    /// <summary>K4: RFC 7638 thumbprint; then the key is useless without proofs by that key pair.</summary>
    public string? Thumbprint { get; init; }

    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>Null only where it was asked for in so many words.</summary>
    public DateTimeOffset? Expires { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Public id of the key that created this one, or <c>system</c>.</summary>
    public required string CreatedBy { get; init; }

    public required ApiKeyState State { get; init; }

    public DateTimeOffset? Revoked { get; init; }

    /// <summary>K5: the key that this one was made to replace.</summary>
    public KeyId? Predecessor { get; init; }

    /// <summary>K5: the key that replaces this one.</summary>
    public KeyId? Successor { get; init; }

    /// <summary>The store's ETag; null for a record that was never stored.</summary>
    public string? Version { get; init; }

    /// <summary>Neither revoked nor expired.</summary>
    internal bool IsAlive(DateTimeOffset now) => State == ApiKeyState.Active && (Expires is not { } end || end > now);
}
