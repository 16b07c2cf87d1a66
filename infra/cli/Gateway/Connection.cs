namespace Proofgate.Cli.Gateway;

/// <summary>An address and what to present there.</summary>
internal sealed record Connection(GatewayTarget Target, Credential Credential);
