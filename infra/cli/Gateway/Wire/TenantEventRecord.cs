namespace Proofgate.Cli.Gateway.Wire;

/// <summary>One event: <paramref name="Proof"/> is a C2SP tlog-proof with its bytes.</summary>
internal sealed record TenantEventRecord(long Index, string Id, string? Decision, string Proof);
