using System.Text.Json.Serialization;

namespace Proofgate.Cli.Gateway.Wire;

internal sealed record StreamOptions
{
    [JsonPropertyName("include_usage")]
    public bool IncludeUsage { get; init; } = true;
}
