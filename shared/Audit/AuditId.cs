using System.Diagnostics.CodeAnalysis;

namespace Proofgate.Audit;

/// <summary>The public name of one audited act: a UUIDv7 (RFC 9562, 5.7), returned to the caller as <c>Proofgate-Audit-Id</c>.</summary>
public readonly record struct AuditId(Guid Value)
{
    public static AuditId New(TimeProvider time) => new(Guid.CreateVersion7(time.GetUtcNow()));

    public static bool TryParse([NotNullWhen(true)] string? text, out AuditId id)
    {
        var parsed = Guid.TryParseExact(text, "D", out var value);
        id = new AuditId(value);
        return parsed;
    }

    public override string ToString() => Value.ToString("D");
}
