namespace Proofgate.Cli.Gateway.Wire;

/// <summary>The logs in which a tenant's events may be.</summary>
internal sealed record TenantLogs(string Tenant, IReadOnlyList<TenantLogRecord> Logs);
