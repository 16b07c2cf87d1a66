namespace Proofgate.Cli.Gateway.Wire;

/// <summary>One message of a conversation. <paramref name="Content"/> is null in a chunk that carries none.</summary>
internal sealed record ChatMessage(string? Role, string? Content);
