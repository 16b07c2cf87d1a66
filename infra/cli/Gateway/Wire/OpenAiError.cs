namespace Proofgate.Cli.Gateway.Wire;

/// <summary>The member <c>error</c> of OpenAI's error shape, whole or in the middle of a stream.</summary>
internal sealed record OpenAiError(string? Code, string? Message);
