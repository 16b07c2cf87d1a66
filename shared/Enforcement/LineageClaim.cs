using Proofgate.Audit;

namespace Proofgate.Enforcement;

/// <summary>What a verified lineage token says of one earlier answer to the same caller. Only <see cref="LineageTokens"/> makes one.</summary>
public sealed record LineageClaim
{
    internal LineageClaim()
    {
    }

    /// <summary>The earlier call in the ledger.</summary>
    public required AuditId Id { get; init; }

    /// <summary>The label's name, and not its rank: the bundle, and with it the scale, may be another by now.</summary>
    public required string Label { get; init; }

    /// <summary>Datasets that the answer's content is known to come from, in ordinal order.</summary>
    public required IReadOnlyList<string> Datasets { get; init; }

    /// <summary>SHA-256 of what <see cref="Datasets"/> would have been, where they were more than a token holds; then none is named and the label is the highest.</summary>
    public ReadOnlyMemory<byte> Digest { get; init; }

    public required DateTimeOffset Expires { get; init; }
}
