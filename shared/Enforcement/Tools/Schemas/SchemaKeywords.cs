using System.Text.Json;

namespace Proofgate.Enforcement.Tools.Schemas;

/// <summary>What each keyword asks of a value. A keyword says nothing of values of other types than its own.</summary>
internal static partial class SchemaKeywords
{
    internal delegate SchemaNode Part(string keyword, JsonElement part);

    private static readonly string[] Types = ["null", "boolean", "object", "array", "number", "string", "integer"];

    internal static string Place(string path) => path.Length == 0 ? "The arguments" : $"'{path}'";

    internal static void AddValues(SchemaNode node, JsonElement json)
    {
        if (json.TryGetProperty("type", out var type))
        {
            var names = type.ValueKind == JsonValueKind.Array ? Texts(type, "type") : [TextOf(type, "type")];
            if (names.Exists(static n => !Types.Contains(n, StringComparer.Ordinal)))
            {
                throw new SchemaException("it has a type that JSON Schema does not have");
            }

            node.Add((value, path, _) => names.Exists(n => Is(value, n)) ? null : $"{Place(path)} must be {Article(names)}.");
        }

        if (json.TryGetProperty("const", out var constant))
        {
            node.Add((value, path, steps) => Same(value, constant, steps) ? null : $"{Place(path)} must be {Shown(constant)}.");
        }

        if (json.TryGetProperty("enum", out var values))
        {
            var all = Items(values, "enum");
            node.Add((value, path, steps) => all.Exists(v => Same(value, v, steps)) ? null : $"{Place(path)} must be one of {string.Join(", ", all.Take(20).Select(Shown))}.");
        }
    }

    internal static void AddLengths(SchemaNode node, JsonElement json)
    {
        AddNumber(node, json, "minimum", static (value, limit) => SchemaNumber.Compare(value, limit) >= 0, "at least");
        AddNumber(node, json, "maximum", static (value, limit) => SchemaNumber.Compare(value, limit) <= 0, "at most");
        AddNumber(node, json, "exclusiveMinimum", static (value, limit) => SchemaNumber.Compare(value, limit) > 0, "more than");
        AddNumber(node, json, "exclusiveMaximum", static (value, limit) => SchemaNumber.Compare(value, limit) < 0, "less than");
        AddNumber(node, json, "multipleOf", SchemaNumber.IsMultiple, "a multiple of");
        AddCount(node, json, "minLength", JsonValueKind.String, static v => Runes(v), static (n, limit) => n >= limit, "at least", "characters");
        AddCount(node, json, "maxLength", JsonValueKind.String, static v => Runes(v), static (n, limit) => n <= limit, "at most", "characters");
        AddCount(node, json, "minItems", JsonValueKind.Array, static v => v.GetArrayLength(), static (n, limit) => n >= limit, "at least", "items");
        AddCount(node, json, "maxItems", JsonValueKind.Array, static v => v.GetArrayLength(), static (n, limit) => n <= limit, "at most", "items");
        AddCount(node, json, "minProperties", JsonValueKind.Object, static v => v.GetPropertyCount(), static (n, limit) => n >= limit, "at least", "members");
        AddCount(node, json, "maxProperties", JsonValueKind.Object, static v => v.GetPropertyCount(), static (n, limit) => n <= limit, "at most", "members");
        if (json.TryGetProperty("pattern", out var pattern))
        {
            var matcher = SchemaPattern.Of(TextOf(pattern, "pattern"));
            node.Add((value, path, _) => value.ValueKind != JsonValueKind.String || matcher.Matches(value.GetString()!) ? null : $"{Place(path)} must match the pattern of the tool's schema.");
        }
    }

    internal static void AddAlternatives(SchemaNode node, JsonElement json, Part part)
    {
        foreach (var one in Parts(json, "allOf", part))
        {
            node.Add(one.Check);
        }

        if (Parts(json, "anyOf", part) is { Count: > 0 } any)
        {
            node.Add((value, path, steps) => any.Exists(n => n.Fits(value, path, steps)) ? null : $"{Place(path)} fits none of the forms that it may have.");
        }

        if (Parts(json, "oneOf", part) is { Count: > 0 } one1)
        {
            node.Add((value, path, steps) => one1.Count(n => n.Fits(value, path, steps)) == 1 ? null : $"{Place(path)} must fit exactly one of the forms that it may have.");
        }

        if (json.TryGetProperty("not", out var not))
        {
            var excluded = part("not", not);
            node.Add((value, path, steps) => excluded.Fits(value, path, steps) || steps.AreSpent ? $"{Place(path)} has a form that it may not have." : null);
        }

        if (json.TryGetProperty("if", out var condition))
        {
            var when = part("if", condition);
            var then = json.TryGetProperty("then", out var yes) ? part("then", yes) : null;
            var otherwise = json.TryGetProperty("else", out var no) ? part("else", no) : null;
            node.Add((value, path, steps) => (when.Fits(value, path, steps) ? then : otherwise)?.Check(value, path, steps));
        }
    }

    private static void AddNumber(SchemaNode node, JsonElement json, string keyword, Func<JsonElement, JsonElement, bool> holds, string words)
    {
        if (!json.TryGetProperty(keyword, out var limit))
        {
            return;
        }

        if (limit.ValueKind != JsonValueKind.Number)
        {
            throw new SchemaException($"'{keyword}' must be a number");
        }

        node.Add((value, path, _) => value.ValueKind != JsonValueKind.Number || holds(value, limit) ? null : $"{Place(path)} must be {words} {Shown(limit)}.");
    }

    private static void AddCount(
        SchemaNode node, JsonElement json, string keyword, JsonValueKind kind, Func<JsonElement, int> count, Func<int, int, bool> holds, string words, string what)
    {
        if (!json.TryGetProperty(keyword, out var limit))
        {
            return;
        }

        if (limit.ValueKind != JsonValueKind.Number || !limit.TryGetDecimal(out var number) || number < 0 || !decimal.IsInteger(number))
        {
            throw new SchemaException($"'{keyword}' must be a whole number");
        }

        var bound = (int)Math.Min(number, int.MaxValue);
        node.Add((value, path, _) => value.ValueKind != kind || holds(count(value), bound) ? null : $"{Place(path)} must have {words} {bound} {what}.");
    }

    private static bool Is(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.Null => type == "null",
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || (type == "integer" && SchemaNumber.IsWhole(value)),
        _ => false,
    };

    private static bool Same(JsonElement value, JsonElement other, SchemaSteps steps) =>
        steps.Take(1 + (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? value.GetRawText().Length / 16 : 0)) && JsonElement.DeepEquals(value, other);

    private static int Runes(JsonElement value) => value.GetString()!.EnumerateRunes().Count();

    private static string Article(List<string> types) => string.Join(" or ", types.Select(static t => t switch
    {
        "null" => "null",
        "integer" => "a whole number",
        "array" => "a list",
        "object" => "an object",
        "boolean" => "true or false",
        _ => $"a {t}",
    }));

    private static string Shown(JsonElement value) => ArgumentSchema.Shown(value.GetRawText());

    private static string TextOf(JsonElement value, string keyword) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw new SchemaException($"'{keyword}' must be a text");

    private static List<JsonElement> Items(JsonElement value, string keyword) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : throw new SchemaException($"'{keyword}' must be a list");

    private static List<string> Texts(JsonElement value, string keyword) => [.. Items(value, keyword).Select(v => TextOf(v, keyword))];

    private static List<SchemaNode> Parts(JsonElement json, string keyword, Part part) => json.TryGetProperty(keyword, out var list)
        ? [.. Items(list, keyword).Select((item, i) => part($"{keyword}/{i}", item))]
        : [];
}
