namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Body of <c>POST /manage/init</c>.</summary>
internal sealed record FirstKeyRequest(string Name, string Owner, string Tenant);
