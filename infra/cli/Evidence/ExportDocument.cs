namespace Proofgate.Cli.Evidence;

/// <summary>What <c>audit export --json</c> prints.</summary>
internal sealed record ExportDocument(string Folder, string LogKey, long Files, long Copied);
