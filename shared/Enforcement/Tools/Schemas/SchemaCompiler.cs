using System.Text.Json;

namespace Proofgate.Enforcement.Tools.Schemas;

/// <summary>Compiles a schema, each part once, and holds it to its bounds.</summary>
internal sealed class SchemaCompiler(JsonElement root)
{
    private const int MaxNodes = 4096;
    private const int MaxDepth = 32;

    /// <summary>Keywords whose meaning depends on more than the place at which they stand.</summary>
    private static readonly string[] Unsupported = ["$dynamicRef", "$recursiveRef", "unevaluatedProperties", "unevaluatedItems", "x-mcp-header"];

    private readonly Dictionary<string, SchemaNode> _byPointer = new(StringComparer.Ordinal);
    private int _nodes;

    internal SchemaNode Compile() => At("#");

    /// <summary>The schema at a pointer into the document; references to it share it, so that what refers to itself ends.</summary>
    private SchemaNode At(string pointer)
    {
        if (_byPointer.TryGetValue(pointer, out var known))
        {
            return known;
        }

        return Compile(Find(pointer), pointer, 0);
    }

    private SchemaNode Compile(JsonElement json, string pointer, int depth)
    {
        if (_byPointer.TryGetValue(pointer, out var known))
        {
            return known;
        }

        if (++_nodes > MaxNodes || depth > MaxDepth)
        {
            throw new SchemaException($"it has more than {MaxNodes} parts, or is nested more than {MaxDepth} deep");
        }

        var node = new SchemaNode();
        _byPointer.Add(pointer, node);
        switch (json.ValueKind)
        {
            case JsonValueKind.True:
                return node;
            case JsonValueKind.False:
                node.Add(static (_, path, _) => $"{SchemaKeywords.Place(path)} must not be there.");
                return node;
            case JsonValueKind.Object:
                break;
            default:
                throw new SchemaException($"{pointer} is no schema");
        }

        if (Array.Find(Unsupported, k => json.TryGetProperty(k, out _)) is { } unsupported)
        {
            throw new SchemaException($"{pointer} uses '{unsupported}', which is not checked here");
        }

        if (depth > 0 && json.TryGetProperty("$id", out _))
        {
            throw new SchemaException($"{pointer} has an '$id' of its own, which is not followed here");
        }

        SchemaNode Part(string keyword, JsonElement part) => Compile(part, $"{pointer}/{Escape(keyword)}", depth + 1);
        AddReference(node, json, pointer);
        SchemaKeywords.AddValues(node, json);
        SchemaKeywords.AddLengths(node, json);
        SchemaKeywords.AddItems(node, json, Part);
        SchemaKeywords.AddMembers(node, json, Part);
        SchemaKeywords.AddAlternatives(node, json, Part);
        return node;
    }

    private void AddReference(SchemaNode node, JsonElement json, string pointer)
    {
        if (!json.TryGetProperty("$ref", out var reference))
        {
            return;
        }

        if (reference.ValueKind != JsonValueKind.String || reference.GetString() is not { } target || !(target == "#" || target.StartsWith("#/", StringComparison.Ordinal)))
        {
            throw new SchemaException($"{pointer} refers to another document, or by an anchor: only '#/...' is followed");
        }

        target = Uri.UnescapeDataString(target);
        var at = At(target);
        node.Add((value, path, steps) => at.Check(value, path, steps));
    }

    private JsonElement Find(string pointer)
    {
        var at = root;
        foreach (var part in pointer.Split('/').Skip(1).Select(static p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
        {
            at = at.ValueKind switch
            {
                JsonValueKind.Object when at.TryGetProperty(part, out var member) => member,
                JsonValueKind.Array when int.TryParse(part, System.Globalization.NumberStyles.None, null, out var index) && index < at.GetArrayLength() => at[index],
                _ => throw new SchemaException($"'{ArgumentSchema.Shown(pointer)}' is not in it"),
            };
        }

        return at;
    }

    private static string Escape(string part) => part.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
