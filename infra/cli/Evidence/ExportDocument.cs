namespace Proofgate.Cli.Evidence;

/// <summary>What <c>audit export --json</c> prints.</summary>
/// <param name="Folder">Where the copy is.</param>
/// <param name="LogKey">The log's verifier key.</param>
/// <param name="Files">Files of the copy; of a tenant's export its events.</param>
/// <param name="Copied">Those of them that are new.</param>
/// <param name="Tenant">Of a tenant's export: whose.</param>
internal sealed record ExportDocument(string Folder, string LogKey, long Files, long Copied, string? Tenant = null);
