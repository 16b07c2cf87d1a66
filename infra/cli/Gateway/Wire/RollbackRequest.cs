namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Body of <c>POST /manage/policy/rollback</c>. Null members are not sent.</summary>
internal sealed record RollbackRequest(string? Digest, byte[]? Activation);
