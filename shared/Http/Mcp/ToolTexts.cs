using System.Text.Json;
using System.Text.Json.Nodes;
using Proofgate.Enforcement.Tools;
using Proofgate.Policy;
using Proofgate.Protection;

namespace Proofgate.Http.Mcp;

/// <summary>What a caller may see of a tool's answer.</summary>
internal sealed class ToolTexts(RedactionPlan plan)
{
    /// <summary>Deeper than any message may be.</summary>
    private const int MaxDepth = 64;

    internal KindCounts Redactions { get; } = new();

    /// <summary>Kinds that stand in what is released.</summary>
    internal KindCounts Shown { get; } = new();

    internal IReadOnlyList<string> Of(ToolAnswer answer) => [.. answer.Texts.Select(Of)];

    /// <summary>The object that the tool gave beside its text; null if it gave none.</summary>
    internal JsonObject? StructureOf(ToolAnswer answer) =>
        answer.Structured.ValueKind == JsonValueKind.Object ? (JsonObject)Of(answer.Structured, 0)! : null;

    /// <summary>The answer's label is the call's, raised to that of the answer and of every kind that is shown in it.</summary>
    internal void Account(McpWork work, ToolAnswer answer, PolicyBundle bundle)
    {
        work.Redactions = Redactions;
        work.Datasets = answer.Datasets;
        work.Raise(answer.Label);
        foreach (var (kind, _) in Shown)
        {
            work.Raise(bundle.KindLabels.GetValueOrDefault(kind));
        }
    }

    /// <summary>An escape hides a value from the rules and not from who decodes it: where text is JSON, or holds some, what it means counts.</summary>
    private string Of(string text)
    {
        var released = IsJson(text) ? JsonTextFilter.RedactWhole(plan, text, TextEnd.Finished, Redactions) : Redactor.RedactWhole(plan, text, TextEnd.Finished, Redactions);
        if (JsonTextFilter.MeaningOf(released) is { } meant && Redactor.RedactWhole(plan, meant, TextEnd.Finished, null) != meant)
        {
            released = Redactor.RedactWhole(plan, meant, TextEnd.Finished, Redactions);
        }

        Inspector.Inspect(plan.Rules, released, Shown);
        return released;
    }

    /// <summary>A number that is a value of some kind becomes its mask: a card's number is one without quotes too.</summary>
    private JsonNode? Of(JsonElement element, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new ToolSourceException("The tool's answer is nested too deep.", timedOut: false);
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var members = new JsonObject();
                foreach (var member in element.EnumerateObject())
                {
                    // Two names may become one mask: then the later takes its place.
                    members[Of(member.Name)] = Of(member.Value, depth + 1);
                }

                return members;
            case JsonValueKind.Array:
                return new JsonArray([.. element.EnumerateArray().Select(item => Of(item, depth + 1))]);
            case JsonValueKind.String:
                return JsonValue.Create(Of(element.GetString()!));
            case JsonValueKind.Number:
                var number = element.GetRawText();
                return Of(number) is var shown && shown != number ? JsonValue.Create(shown) : JsonValue.Create(element);
            default:
                return JsonValue.Create(element);
        }
    }

    private static bool IsJson(string text)
    {
        var start = text.AsSpan().TrimStart();
        if (start is not ['{' or '[', ..])
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
