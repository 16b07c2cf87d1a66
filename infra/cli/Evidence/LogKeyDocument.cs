namespace Proofgate.Cli.Evidence;

/// <summary>What <c>audit log-key --json</c> prints.</summary>
/// <param name="LogKey">The verifier key that others pin.</param>
/// <param name="KeyFile">Where the private key was put; null where a vault keeps it.</param>
internal sealed record LogKeyDocument(string LogKey, string? KeyFile);
