namespace Proofgate.Cli.Gateway.Wire;

/// <summary>A stretch of a log, and the tenant's events in it.</summary>
internal sealed record TenantPage(long? Next, IReadOnlyList<TenantEventRecord> Events);
