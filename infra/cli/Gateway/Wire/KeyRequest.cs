namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Body of <c>POST /manage/keys</c>. Null and empty members are not sent: the gateway's defaults apply.</summary>
internal sealed record KeyRequest
{
    public required string Name { get; init; }

    public required string Owner { get; init; }

    public required string OwnerKind { get; init; }

    public string? Purpose { get; init; }

    public string? Tenant { get; init; }

    public string? Environment { get; init; }

    public IReadOnlyList<string>? Roles { get; init; }

    public long? Clearance { get; init; }

    public IReadOnlyList<string>? Actions { get; init; }

    public IReadOnlyList<string>? Models { get; init; }

    public IReadOnlyList<string>? Datasets { get; init; }

    public string? MaxLabel { get; init; }

    public IReadOnlyList<string>? Networks { get; init; }

    public int? RequestsPerMinute { get; init; }

    public long? TokensPerDay { get; init; }

    public int? ExpiresInDays { get; init; }

    public bool? NeverExpires { get; init; }

    /// <summary>K4: a proof by the key pair that the key is to be bound to.</summary>
    public string? Proof { get; init; }
}
