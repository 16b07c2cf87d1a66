namespace Proofgate.Cli.Gateway.Wire;

/// <summary>What the gateway tells of a key (K3, K8): everything but the key. Absent members are null, times are UTC.</summary>
internal sealed record KeyRecord
{
    public required string Kid { get; init; }

    public required string Name { get; init; }

    public required string Owner { get; init; }

    public string? OwnerKind { get; init; }

    public string? Tenant { get; init; }

    public string? Environment { get; init; }

    public string? Purpose { get; init; }

    public IReadOnlyList<string>? Roles { get; init; }

    public long? Clearance { get; init; }

    public IReadOnlyList<string>? Actions { get; init; }

    public IReadOnlyList<string>? Models { get; init; }

    public IReadOnlyList<string>? Datasets { get; init; }

    public string? MaxLabel { get; init; }

    public IReadOnlyList<string>? Networks { get; init; }

    public int? RequestsPerMinute { get; init; }

    public long? TokensPerDay { get; init; }

    public string? Thumbprint { get; init; }

    public required DateTimeOffset Created { get; init; }

    public string? CreatedBy { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset? Expires { get; init; }

    /// <summary>The day of the last use: a key is not followed more closely than that.</summary>
    public string? LastUsed { get; init; }

    /// <summary><c>active</c> or <c>revoked</c>.</summary>
    public required string State { get; init; }

    public DateTimeOffset? Revoked { get; init; }

    /// <summary>K5: the key that this one replaces.</summary>
    public string? Predecessor { get; init; }

    /// <summary>K5: the key that replaces this one.</summary>
    public string? Successor { get; init; }
}
