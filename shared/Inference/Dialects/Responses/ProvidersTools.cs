using System.Text.Json;

namespace Proofgate.Inference.Dialects.Responses;

/// <summary>The tools of a request, by where they run.</summary>
internal static class ProvidersTools
{
    /// <summary>The client runs these: what they do passes through the gateway in both directions.</summary>
    private static readonly string[] AtClient = ["function", "custom", "local_shell", "apply_patch", "computer", "computer_use_preview"];

    /// <param name="root">The request.</param>
    /// <param name="origin">Whose ids may be in it.</param>
    /// <param name="hosted">The kinds that the provider runs.</param>
    /// <returns>The refusal of what cannot be read, or leads to what is stored at the provider.</returns>
    internal static DialectRead.Rejected? Read(JsonElement root, RequestOrigin origin, out IReadOnlyList<string> hosted)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        hosted = [];
        if (root.TryGetProperty("tools"u8, out var tools) && tools.ValueKind != JsonValueKind.Null)
        {
            if (tools.ValueKind != JsonValueKind.Array || tools.EnumerateArray().Any(static t => t.ValueKind != JsonValueKind.Object))
            {
                return JsonBody.Reject("invalid_type", "'tools' must be a list of objects.", "tools");
            }

            foreach (var tool in tools.EnumerateArray().Where(static t => !RunsAtClient(t)))
            {
                if (GivenIds.Check(tool, origin.Ids, "tools") is { } wrong)
                {
                    return wrong;
                }

                found.Add(KindOf(tool));
            }
        }

        // A choice of a tool is a word, or names one of the list; what it names beyond that runs at the provider too.
        if (root.TryGetProperty("tool_choice"u8, out var choice) && choice.ValueKind == JsonValueKind.Object && KindOf(choice) != "allowed_tools" && KindOf(choice) != "shell" && !RunsAtClient(choice))
        {
            found.Add(KindOf(choice));
        }

        hosted = [.. found];
        return null;
    }

    internal static bool RunsAtClient(JsonElement tool) => KindOf(tool) is var kind && (AtClient.Contains(kind)
        || (kind == "shell" && tool.TryGetProperty("environment"u8, out var place) && JsonBody.TextOf(place, "type") == "local"));

    private static string KindOf(JsonElement tool) => JsonBody.TextOf(tool, "type") is { Length: > 0 } type ? type : "unknown";
}
