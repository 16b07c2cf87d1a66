using System.Text.Json.Serialization;

namespace Proofgate.Cli.Gateway.Wire;

internal sealed record ChatUsage
{
    [JsonPropertyName("prompt_tokens")]
    public long PromptTokens { get; init; }

    [JsonPropertyName("completion_tokens")]
    public long CompletionTokens { get; init; }
}
