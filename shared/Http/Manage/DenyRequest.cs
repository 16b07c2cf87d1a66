namespace Proofgate.Http.Manage;

/// <summary>Body of <c>POST /manage/deny</c>.</summary>
public sealed record DenyRequest
{
    /// <summary><c>jti</c>, <c>subject</c>, <c>client</c>, <c>thumbprint</c> or <c>issuer-key</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>What to deny; for <c>issuer-key</c> the issuer, a space and the id of its key.</summary>
    public string? Value { get; init; }

    /// <summary>When the entry lapses by itself; absent: never.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>For people.</summary>
    public string? Reason { get; init; }

    /// <summary>Needed for an entry that refuses the asker too.</summary>
    public bool Force { get; init; }
}
