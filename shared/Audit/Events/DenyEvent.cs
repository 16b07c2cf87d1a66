namespace Proofgate.Audit.Events;

/// <summary>The deny list changed. The value itself is personal; here it is a keyed digest.</summary>
public sealed record DenyEvent : AuditEvent
{
    /// <summary><c>added</c> or <c>removed</c>.</summary>
    public required string Act { get; init; }

    /// <summary><c>jti</c>, <c>subject</c>, <c>client</c>, <c>thumbprint</c> or <c>issuer-key</c>.</summary>
    public required string Type { get; init; }

    /// <summary>HMAC-SHA256 of the value under the tenant's key, lower-case hex.</summary>
    public required string Digest { get; init; }

    /// <summary>When the entry lapses by itself.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Public id of the key that asked, or <c>system</c>.</summary>
    public required string By { get; init; }
}
