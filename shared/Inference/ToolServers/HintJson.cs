using System.Text.Json;
using System.Text.Json.Serialization;
using ModelContextProtocol.Protocol;

namespace Proofgate.Inference.ToolServers;

/// <summary>A tool's hints of how it behaves, as JSON.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ToolAnnotations))]
internal sealed partial class HintJson : JsonSerializerContext
{
    /// <returns>Undefined where it gives none.</returns>
    internal static JsonElement Of(Tool tool) => tool.Annotations is null ? default : JsonSerializer.SerializeToElement(tool.Annotations, HintJson.Default.ToolAnnotations);
}
