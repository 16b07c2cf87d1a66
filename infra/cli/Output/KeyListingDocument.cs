using Proofgate.Cli.Gateway.Wire;

namespace Proofgate.Cli.Output;

/// <summary>What <c>keys list --json</c> prints.</summary>
internal sealed record KeyListingDocument(IReadOnlyList<KeyRecord> Keys, IReadOnlyList<KeyWarning> Warnings);
