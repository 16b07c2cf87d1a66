namespace Proofgate.Inference.Models;

/// <summary>A provider's address as the bundle and this deployment's settings name it together.</summary>
public sealed record UpstreamEntry
{
    public required string Name { get; init; }

    /// <summary>Who runs it, for policy: <c>openai</c>, <c>azure</c>, <c>ollama</c>.</summary>
    public required string Provider { get; init; }

    public required string Region { get; init; }

    /// <summary>Whether data sent there leaves the organisation.</summary>
    public required bool External { get; init; }

    public UpstreamProtocol Protocol { get; init; }

    /// <summary>The <c>api-version</c> that Azure OpenAI is asked by; null elsewhere.</summary>
    public string? ApiVersion { get; init; }

    public required UpstreamAuthentication Authentication { get; init; }

    /// <summary>Base address with the API version's path, for example <c>https://api.openai.com/v1/</c>; null where it is not configured here.</summary>
    public required Uri? Address { get; init; }

    /// <summary>Sent to <see cref="Address"/> and nowhere else.</summary>
    internal UpstreamSecret? Secret { get; init; }

    /// <summary>What a token of ours is asked for; null where none is.</summary>
    internal string? Scope { get; init; }
}
