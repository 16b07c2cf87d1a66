using System.Text.Json.Serialization;

namespace Proofgate.Cli.Gateway.Wire;

/// <summary>Body of <c>POST /v1/chat/completions</c>, as far as this command asks for anything.</summary>
internal sealed record ChatRequest(string Model, IReadOnlyList<ChatMessage> Messages, bool Stream)
{
    /// <summary>Asks for the token counts at the end of a stream.</summary>
    [JsonPropertyName("stream_options")]
    public StreamOptions? StreamOptions => Stream ? new StreamOptions() : null;
}
