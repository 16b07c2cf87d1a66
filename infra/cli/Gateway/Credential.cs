namespace Proofgate.Cli.Gateway;

/// <summary>A key or token, and the variable or file that it came from, so that a refusal can say which one to check.</summary>
internal sealed record Credential(Secret Secret, string Source);
