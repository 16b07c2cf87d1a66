namespace Proofgate.Audit.Events;

/// <summary>The names of kinds.</summary>
internal static class EventKinds
{
    /// <summary>Kinds that processes publish.</summary>
    internal static readonly string[] Published = ["decision", "outcome", "refusal", "refusals", "source", "key", "policy", "deny"];

    internal static string Of(AuditEvent auditEvent) => auditEvent switch
    {
        SourceEvent => "source",
        DecisionEvent => "decision",
        OutcomeEvent => "outcome",
        RefusalEvent => "refusal",
        RefusalsEvent => "refusals",
        KeyEvent => "key",
        PolicyEvent => "policy",
        DenyEvent => "deny",
        _ => throw new ArgumentException($"{auditEvent.GetType().Name} is not an event of schema version 1.", nameof(auditEvent)),
    };

    /// <summary>Kinds that only the ledger's writer makes: an event that claims one of them is opaque.</summary>
    internal static bool IsWriters(ReadOnlySpan<byte> kind) =>
        kind.SequenceEqual("epoch"u8) || kind.SequenceEqual("gap"u8) || kind.SequenceEqual("opaque"u8)
        || kind.SequenceEqual("conflict"u8) || kind.SequenceEqual("closed"u8);
}
