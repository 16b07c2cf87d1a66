using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;
using Proofgate.Policy;

namespace Proofgate.Http.Manage;

/// <summary>A key as administrators see it: everything but the key.</summary>
public sealed record KeyView
{
    public required string Kid { get; init; }

    public required string Name { get; init; }

    public required string Owner { get; init; }

    public required string OwnerKind { get; init; }

    public required string Tenant { get; init; }

    public required string Environment { get; init; }

    public string? Purpose { get; init; }

    public required IReadOnlyList<string> Roles { get; init; }

    public long Clearance { get; init; }

    public required IReadOnlyList<string> Actions { get; init; }

    public required IReadOnlyList<string> Models { get; init; }

    public required IReadOnlyList<string> Datasets { get; init; }

    public string? MaxLabel { get; init; }

    public required IReadOnlyList<string> Networks { get; init; }

    public int? RequestsPerMinute { get; init; }

    public long? TokensPerDay { get; init; }

    public string? Thumbprint { get; init; }

    public DateTimeOffset Created { get; init; }

    public required string CreatedBy { get; init; }

    public DateTimeOffset NotBefore { get; init; }

    public DateTimeOffset? Expires { get; init; }

    /// <summary>K8, in listings: the UTC day of the last use; null: never, or by nobody's knowledge.</summary>
    public DateOnly? LastUsed { get; init; }

    public required string State { get; init; }

    public DateTimeOffset? Revoked { get; init; }

    /// <summary>K5: the key that this one replaces.</summary>
    public string? Predecessor { get; init; }

    /// <summary>K5: the key that replaces this one.</summary>
    public string? Successor { get; init; }

    internal static KeyView Of(ApiKeyRecord record, LabelScale labels, DateOnly? lastUsed = null) => new()
    {
        Kid = record.Id.ToString(),
        Name = record.Name,
        Owner = record.Owner,
        OwnerKind = record.OwnerKind == SubjectKind.User ? "user" : "client",
        Tenant = record.Tenant,
        Environment = record.Environment,
        Purpose = record.Purpose,
        Roles = Sorted(record.Roles),
        Clearance = record.Clearance,
        Actions = Sorted(record.Limits.Actions),
        Models = Sorted(record.Limits.Models),
        Datasets = Sorted(record.Limits.Datasets),
        MaxLabel = record.Limits.MaxLabel is { } rank ? labels.NameOf(rank) : null,
        Networks = [.. record.Limits.Networks.Select(static n => n.ToString())],
        RequestsPerMinute = record.Limits.RequestsPerMinute,
        TokensPerDay = record.Limits.TokensPerDay,
        Thumbprint = record.Thumbprint,
        Created = record.Created,
        CreatedBy = record.CreatedBy,
        NotBefore = record.NotBefore,
        Expires = record.Expires,
        LastUsed = lastUsed,
        State = record.State == ApiKeyState.Active ? "active" : "revoked",
        Revoked = record.Revoked,
        Predecessor = record.Predecessor?.ToString(),
        Successor = record.Successor?.ToString(),
    };

    private static string[] Sorted(IEnumerable<string> names) => [.. names.Order(StringComparer.Ordinal)];
}
