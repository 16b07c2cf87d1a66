using System.Collections.ObjectModel;

namespace Proofgate.Audit.Events;

/// <summary>How an admitted act ended. <see cref="AuditEvent.CorrelationId"/> is its decision.</summary>
public sealed record OutcomeEvent : AuditEvent
{
    /// <summary><c>completed</c>, <c>client_aborted</c>, <c>upstream_failed</c>, <c>upstream_refused</c>, <c>timed_out</c>, <c>revoked</c>, <c>gateway_failed</c>.</summary>
    public required string Result { get; init; }

    /// <summary>HTTP status that the caller saw.</summary>
    public required int Status { get; init; }

    public long? InputTokens { get; init; }

    public long? OutputTokens { get; init; }

    public long BytesOut { get; init; }

    /// <summary>Stream events relayed; 1 for a plain answer.</summary>
    public long Events { get; init; }

    /// <summary>Redactions by kind.</summary>
    public IReadOnlyDictionary<string, long> Redactions { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>Values of the prompt that came back in the answer where placeholders stood for them, by kind.</summary>
    public IReadOnlyDictionary<string, long> Restored { get; init; } = ReadOnlyDictionary<string, long>.Empty;

    /// <summary>Digest of the detector rules that inspected the answer, lower-case hex.</summary>
    public string? RulesDigest { get; init; }

    /// <summary>HMAC-SHA256 of the bytes released, under the tenant's key, lower-case hex.</summary>
    public string? AnswerDigest { get; init; }

    public TimeSpan? FirstByte { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>The model's own finish reason, if it is one of the dialect's.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Catalogue name of the upstream target that answered.</summary>
    public string? Target { get; init; }

    /// <summary>Rows released by a data connector.</summary>
    public long? Rows { get; init; }

    /// <summary>How often targets were asked for this call until it ended so, those of the decisions before this one included; null where none is asked.</summary>
    public long? Attempts { get; init; }
}
