namespace Proofgate.Audit.Events;

/// <summary>A process opens or closes one of its counters. Made by the publisher.</summary>
public sealed record SourceEvent : AuditEvent
{
    /// <summary><c>open</c> or <c>close</c>.</summary>
    public required string Act { get; init; }

    /// <summary>On <c>open</c>: the process's ephemeral P-256 public key, SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) in base64url.</summary>
    public string? Key { get; init; }

    /// <summary>On <c>open</c>: sources that this process gave up and that no acknowledged event has named yet.</summary>
    public IReadOnlyList<RetiredSource> Follows { get; init; } = [];
}
