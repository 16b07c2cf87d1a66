namespace Proofgate.Cli.Evidence;

/// <summary>One line of <c>audit tail --json</c>.</summary>
internal sealed record TailDocument(string Log, long Index, string Kind, DateTimeOffset? Time, string? Id, string? CorrelationId, string? Result);
