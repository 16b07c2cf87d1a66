namespace Proofgate.Audit.Events;

/// <summary>An API key was created, rotated or revoked. Owner and name are in the sealed part.</summary>
public sealed record KeyEvent : AuditEvent
{
    /// <summary><c>initialized</c> (the first administrator), <c>created</c>, <c>rotated</c>, <c>revoked</c>.</summary>
    public required string Act { get; init; }

    /// <summary>The key's public id.</summary>
    public required string KeyId { get; init; }

    public required string Tenant { get; init; }

    /// <summary>Public id of the key that asked, or <c>system</c>.</summary>
    public required string By { get; init; }
}
