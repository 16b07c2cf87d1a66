using System.Text.Json.Nodes;

namespace Proofgate.Http.Tests.Support;

/// <summary>An answer read whole.</summary>
internal sealed record Answer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    internal JsonNode Json => JsonNode.Parse(Body)!;

    internal string? this[string header] => Headers.GetValueOrDefault(header);

    /// <summary>The code of an error in any shape.</summary>
    internal string? Code => (string?)(Json["error"] is { } error ? error["data"]?["code"] ?? error["code"] : Json["code"]);
}
