using Proofgate.Identity.Denials;

namespace Proofgate.Http.Manage;

/// <summary>An entry of the deny list as administrators see it.</summary>
public sealed record DenyView
{
    public required string Id { get; init; }

    public required string Kind { get; init; }

    public required string Value { get; init; }

    public DateTimeOffset? Until { get; init; }

    public string? Reason { get; init; }

    public required string By { get; init; }

    public required DateTimeOffset Created { get; init; }

    internal static DenyView Of(DenyEntry entry) => new()
    {
        Id = entry.Id,
        Kind = DenyKinds.NameOf(entry.Kind),
        Value = entry.Value,
        Until = entry.Until,
        Reason = entry.Reason,
        By = entry.By,
        Created = entry.Created,
    };
}
