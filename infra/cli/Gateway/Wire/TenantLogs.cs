namespace Proofgate.Cli.Gateway.Wire;

/// <summary>The logs in which a tenant's events may be, and how their key has changed, which an older gateway does not say.</summary>
internal sealed record TenantLogs(string Tenant, IReadOnlyList<TenantLogRecord> Logs, IReadOnlyList<TenantKeyChange>? KeyChanges = null);
