using System.Text.Json.Serialization;

namespace Proofgate.Cli.Gateway.Wire;

/// <summary>A choice has a <see cref="Delta"/> in a stream and a <see cref="Message"/> in a whole answer.</summary>
internal sealed record ChatChoice
{
    public ChatMessage? Delta { get; init; }

    public ChatMessage? Message { get; init; }

    [JsonPropertyName("finish_reason")]
    public string? FinishReason { get; init; }
}
