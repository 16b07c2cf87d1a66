namespace Proofgate.Audit.Events;

/// <summary>An API key was created, bound, rotated or revoked. Owner and name are in the sealed part.</summary>
public sealed record KeyEvent : AuditEvent
{
    /// <summary>
    /// <c>initialized</c> (the first administrator), <c>created</c>, <c>bound</c> (to a key pair), <c>rotated</c> (its successor is <c>created</c> under the same correlation id),
    /// <c>revoked</c>, <c>leaked</c> (revoked because somebody found it).
    /// </summary>
    public required string Act { get; init; }

    /// <summary>The key's public id.</summary>
    public required string KeyId { get; init; }

    public required string Tenant { get; init; }

    /// <summary>Public id of the key that asked, <c>system</c>, or <c>report</c> for who reported a leak.</summary>
    public required string By { get; init; }
}
