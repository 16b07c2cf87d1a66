namespace Proofgate.Http.Manage;

/// <summary>Body of <c>POST /manage/keys</c>. An empty list means no restriction of that kind.</summary>
/// <remarks>Lists have setters because generated deserialisation gives an absent init-only member null, whatever its initialiser says.</remarks>
public sealed record KeyRequest
{
    public string? Name { get; init; }

    public string? Owner { get; init; }

    /// <summary><c>client</c> (default) or <c>user</c>.</summary>
    public string? OwnerKind { get; init; }

    public string? Purpose { get; init; }

    /// <summary>Default: the asking key's tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary><c>live</c> (default) or <c>test</c>.</summary>
    public string? Environment { get; init; }

    public IReadOnlyList<string> Roles { get; set; } = [];

    public long Clearance { get; init; }

    public IReadOnlyList<string> Actions { get; set; } = [];

    public IReadOnlyList<string> Models { get; set; } = [];

    public IReadOnlyList<string> Datasets { get; set; } = [];

    /// <summary>Name of the highest label that a call may carry.</summary>
    public string? MaxLabel { get; init; }

    /// <summary>Networks in CIDR form.</summary>
    public IReadOnlyList<string> Networks { get; set; } = [];

    public int? RequestsPerMinute { get; init; }

    public long? TokensPerDay { get; init; }

    public double? ExpiresInDays { get; init; }

    public bool NeverExpires { get; init; }

    /// <summary>K4: a DPoP proof (RFC 9449, 4.2, without <c>ath</c>) for <c>POST /manage/keys</c> by the key pair that the new key shall be bound to.</summary>
    public string? Proof { get; init; }
}
