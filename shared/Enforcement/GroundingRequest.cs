namespace Proofgate.Enforcement;

/// <summary>One dataset that a caller asks a prompt to stand on (<c>proofgate.datasets</c> of the body).</summary>
/// <param name="Dataset">As the caller wrote it: nobody has looked whether there is one.</param>
/// <param name="Query">The query as JSON, or empty where there is none.</param>
public sealed record GroundingRequest(string Dataset, ReadOnlyMemory<byte> Query);
