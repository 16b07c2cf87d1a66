namespace Proofgate.Cli.Ledger;

/// <summary>What <c>audit erase --json</c> prints. The subject's name is not repeated: it would live on in a script's log.</summary>
internal sealed record ErasureDocument(bool Erased, string Storage, string Tenant);
