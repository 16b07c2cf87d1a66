using System.Text.Json;

namespace Proofgate.Enforcement.Tools.Schemas;

/// <summary>The keywords of lists and objects.</summary>
internal static partial class SchemaKeywords
{
    internal static void AddItems(SchemaNode node, JsonElement json, Part part)
    {
        // Before 2020-12 a list of schemas was 'items', and what follows them 'additionalItems'.
        var tuple = json.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array;
        var first = Parts(json, tuple ? "items" : "prefixItems", part);
        var rest = tuple ? json.TryGetProperty("additionalItems", out var more) ? part("additionalItems", more) : null
            : json.TryGetProperty("items", out items) ? part("items", items) : null;
        if (first.Count > 0 || rest is not null)
        {
            node.Add((value, path, steps) => Each(value, (item, i) => (i < first.Count ? first[i] : rest)?.Check(item, $"{path}[{i}]", steps)));
        }

        if (json.TryGetProperty("contains", out var contained))
        {
            var wanted = part("contains", contained);
            var least = CountOf(json, "minContains") ?? 1;
            var most = CountOf(json, "maxContains") ?? int.MaxValue;
            node.Add((value, path, steps) => value.ValueKind != JsonValueKind.Array
                || value.EnumerateArray().Count(item => wanted.Fits(item, path, steps)) is var n && n >= least && n <= most ? null : $"{Place(path)} does not contain what it must.");
        }

        if (json.TryGetProperty("uniqueItems", out var unique) && unique.ValueKind == JsonValueKind.True)
        {
            node.Add((value, path, steps) => value.ValueKind != JsonValueKind.Array || AreUnique(value, steps) ? null : $"{Place(path)} must not have an item twice.");
        }
    }

    internal static void AddMembers(SchemaNode node, JsonElement json, Part part)
    {
        if (json.TryGetProperty("required", out var required))
        {
            var names = Texts(required, "required");
            node.Add((value, path, _) => value.ValueKind != JsonValueKind.Object || Absent(value, names) is not { } absent
                ? null : $"{Place(At(path, absent))} is missing.");
        }

        var known = Named(json, "properties", part);
        var patterns = Named(json, "patternProperties", part).Select(static p => (Pattern: SchemaPattern.Of(p.Key), p.Value)).ToList();
        var others = json.TryGetProperty("additionalProperties", out var additional) ? part("additionalProperties", additional) : null;
        if (known.Count > 0 || patterns.Count > 0 || others is not null)
        {
            node.Add((value, path, steps) => EachMember(value, member => CheckMember(member, At(path, member.Name), known, patterns, others, steps)));
        }

        if (json.TryGetProperty("propertyNames", out var named))
        {
            var name = part("propertyNames", named);
            node.Add((value, path, steps) => EachMember(value, member => name.Fits(JsonSerializer.SerializeToElement(member.Name, NameJson.Default.String), path, steps)
                ? null : $"{Place(At(path, member.Name))} has a name that is not allowed."));
        }

        foreach (var keyword in (ReadOnlySpan<string>)["dependentRequired", "dependencies"])
        {
            AddDependencies(node, json, keyword);
        }

        foreach (var (trigger, dependent) in Named(json, "dependentSchemas", part).Concat(Named(json, "dependencies", part, static v => v.ValueKind != JsonValueKind.Array)))
        {
            node.Add((value, path, steps) => Has(value, trigger) ? dependent.Check(value, path, steps) : null);
        }
    }

    private static void AddDependencies(SchemaNode node, JsonElement json, string keyword)
    {
        if (!json.TryGetProperty(keyword, out var all) || all.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var (trigger, names) in all.EnumerateObject().Where(static m => m.Value.ValueKind == JsonValueKind.Array).Select(m => (m.Name, Texts(m.Value, keyword))))
        {
            node.Add((value, path, _) => Has(value, trigger) && Absent(value, names) is { } absent
                ? $"{Place(At(path, absent))} is missing: '{ArgumentSchema.Shown(trigger)}' asks for it." : null);
        }
    }

    private static string? CheckMember(
        JsonProperty member, string path, Dictionary<string, SchemaNode> known, List<(SchemaPattern Pattern, SchemaNode Node)> patterns, SchemaNode? others, SchemaSteps steps)
    {
        var met = known.TryGetValue(member.Name, out var node);
        var fault = node?.Check(member.Value, path, steps);
        foreach (var (pattern, one) in patterns)
        {
            if (fault is null && pattern.Matches(member.Name))
            {
                met = true;
                fault = one.Check(member.Value, path, steps);
            }
        }

        return fault ?? (met ? null : others?.Check(member.Value, path, steps));
    }

    private static Dictionary<string, SchemaNode> Named(JsonElement json, string keyword, Part part, Func<JsonElement, bool>? isOne = null)
    {
        if (!json.TryGetProperty(keyword, out var all))
        {
            return [];
        }

        if (all.ValueKind != JsonValueKind.Object)
        {
            throw new SchemaException($"'{keyword}' must be an object");
        }

        return all.EnumerateObject().Where(m => isOne?.Invoke(m.Value) != false).ToDictionary(
            static m => m.Name, m => part($"{keyword}/{m.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", m.Value), StringComparer.Ordinal);
    }

    private static int? CountOf(JsonElement json, string keyword) =>
        json.TryGetProperty(keyword, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? (int)decimal.Clamp(number, 0, int.MaxValue) : null;

    private static string? Each(JsonElement value, Func<JsonElement, int, string?> check) =>
        value.ValueKind != JsonValueKind.Array ? null : value.EnumerateArray().Select(check).FirstOrDefault(static f => f is not null);

    private static string? EachMember(JsonElement value, Func<JsonProperty, string?> check) =>
        value.ValueKind != JsonValueKind.Object ? null : value.EnumerateObject().Select(check).FirstOrDefault(static f => f is not null);

    private static bool Has(JsonElement value, string name) => value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out _);

    private static string? Absent(JsonElement value, List<string> names) => names.Find(n => !Has(value, n));

    private static bool AreUnique(JsonElement list, SchemaSteps steps)
    {
        var items = list.EnumerateArray().ToList();
        for (var i = 0; i < items.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (items[i].ValueKind == items[j].ValueKind && (Same(items[i], items[j], steps) || steps.AreSpent))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static string At(string path, string name) => path.Length == 0 ? ArgumentSchema.Shown(name) : $"{path}.{ArgumentSchema.Shown(name)}";
}
