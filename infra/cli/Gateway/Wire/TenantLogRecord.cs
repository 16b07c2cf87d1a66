namespace Proofgate.Cli.Gateway.Wire;

/// <summary>A log, and the leaves that its newest checkpoint covers.</summary>
internal sealed record TenantLogRecord(string Name, long Size);
