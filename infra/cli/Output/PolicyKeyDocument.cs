namespace Proofgate.Cli.Output;

/// <summary>What <c>policy keygen --json</c> prints: nothing secret.</summary>
internal sealed record PolicyKeyDocument(string Name, string KeyFile, string PublicKey, string Fingerprint);
