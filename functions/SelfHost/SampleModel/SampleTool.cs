using System.Text.Json;
using System.Text.Json.Nodes;

namespace Proofgate.SelfHost.SampleModel;

/// <summary>A call of a tool of the client's, about the invented customer.</summary>
internal sealed record SampleTool(string Name, string Arguments)
{
    /// <returns>A call of the first function of a request; null if it has none.</returns>
    internal static SampleTool? FirstOf(JsonElement root)
    {
        if (!root.TryGetProperty("tools", out var tools) || tools.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        foreach (var tool in tools.EnumerateArray())
        {
            var function = tool.TryGetProperty("function", out var nested) ? nested : tool;
            if (function.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String)
            {
                var schema = function.TryGetProperty("parameters", out var parameters) || function.TryGetProperty("input_schema", out parameters) ? parameters : default;
                return new SampleTool(name.GetString()!, ArgumentsFor(schema));
            }
        }

        return null;
    }

    private static string ArgumentsFor(JsonElement schema)
    {
        var arguments = new JsonObject();
        if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject())
            {
                if (property.Value.ValueKind == JsonValueKind.Object && property.Value.TryGetProperty("type", out var type) && type.ValueEquals("string"))
                {
                    arguments[property.Name] = SampleText.Email;
                }
            }
        }

        return arguments.ToJsonString();
    }
}
