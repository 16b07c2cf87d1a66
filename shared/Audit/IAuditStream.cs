namespace Proofgate.Audit;

/// <summary>Where every event goes first. Nothing is released to anybody before its decision event is acknowledged here.</summary>
public interface IAuditStream
{
    /// <summary>Publishes one event and completes when it is durable.</summary>
    /// <exception cref="AuditUnavailableException">The event was not acknowledged. The caller must refuse the act (503).</exception>
    ValueTask<AuditReceipt> PublishAsync(AuditEvent auditEvent, CancellationToken cancellationToken);

    /// <summary>Whether the last publications were acknowledged, for <c>/readyz</c>.</summary>
    AuditStreamHealth Health { get; }
}
