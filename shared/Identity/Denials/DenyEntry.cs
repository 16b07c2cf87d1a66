namespace Proofgate.Identity.Denials;

/// <summary>Refuses every credential of one tenant that <see cref="Kind"/> and <see cref="Value"/> describe.</summary>
public sealed record DenyEntry
{
    public required string Tenant { get; init; }

    public required DenyKind Kind { get; init; }

    public required string Value { get; init; }

    /// <summary>When it stops biting; null: never.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>For people.</summary>
    public string? Reason { get; init; }

    /// <summary>Public id of the key, or client of the token, that asked.</summary>
    public required string By { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>The store's ETag; null for an entry that was never stored.</summary>
    public string? Version { get; init; }

    /// <summary>Its name in addresses. It tells nothing of the value, which is personal.</summary>
    public string Id => DenyId.Of(Tenant, Kind, Value);

    internal bool Bites(DateTimeOffset now) => Until is not { } end || end > now;
}
