namespace Proofgate.Cli.Output;

/// <summary>What <c>policy pack --json</c> prints.</summary>
internal sealed record PackDocument(string File, string Digest, string? Previous, string Author);
