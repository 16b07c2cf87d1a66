using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Proofgate.Enforcement.Tools.Schemas;

/// <summary>
/// The form of a tool's arguments: JSON Schema 2020-12 (and what older drafts wrote otherwise), compiled once, checked within a bounded number of steps whatever the schema and the arguments
/// are. What it cannot check faithfully it does not take.
/// </summary>
/// <remarks>
/// Stricter than JSON Schema in what would let an argument pass unseen: names that a plain schema does not list are refused unless it says <c>additionalProperties</c>, names that
/// differ from a listed one in case only are refused (some servers take them for it), and so are the names by which objects of JavaScript are poisoned.
/// </remarks>
public sealed class ArgumentSchema
{
    /// <summary>Bytes of a schema.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>Keywords under which names other than those of <c>properties</c> may be meant.</summary>
    private static readonly string[] Open =
        ["additionalProperties", "patternProperties", "$ref", "allOf", "anyOf", "oneOf", "if", "dependentSchemas", "dependencies", "propertyNames"];

    private readonly SchemaNode _root;
    private readonly FrozenSet<string> _names;
    private readonly FrozenDictionary<string, string> _spellings;
    private readonly bool _closed;

    private ArgumentSchema(JsonElement json, SchemaNode root)
    {
        (Json, _root) = (json, root);
        var names = json.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(static p => p.Name).ToList() : [];
        _names = names.ToFrozenSet(StringComparer.Ordinal);
        _spellings = names.DistinctBy(static n => n, StringComparer.OrdinalIgnoreCase).ToFrozenDictionary(static n => n, StringComparer.OrdinalIgnoreCase);
        _closed = !Open.Any(keyword => json.TryGetProperty(keyword, out _));
    }

    /// <summary>The schema as it was written.</summary>
    public JsonElement Json { get; }

    /// <param name="json">Kept: its document must live on.</param>
    /// <param name="schema">The schema, compiled.</param>
    /// <param name="problem">Why it is not taken, for whoever registers the tool.</param>
    public static bool TryCompile(JsonElement json, [NotNullWhen(true)] out ArgumentSchema? schema, out string problem)
    {
        schema = null;
        if (json.ValueKind != JsonValueKind.Object || !(json.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("object")))
        {
            problem = "it must be an object with the type 'object'";
            return false;
        }

        if (json.GetRawText().Length > MaxBytes)
        {
            problem = $"it is longer than {MaxBytes} characters";
            return false;
        }

        try
        {
            schema = new ArgumentSchema(json, new SchemaCompiler(json).Compile());
            problem = string.Empty;
            return true;
        }
        catch (SchemaException e)
        {
            problem = e.Message;
            return false;
        }
    }

    /// <param name="arguments">An object without duplicate keys.</param>
    /// <returns>What is wrong, as a sentence that names the place; null: nothing.</returns>
    public string? Check(JsonElement arguments)
    {
        foreach (var argument in arguments.EnumerateObject())
        {
            if (Poisons(argument))
            {
                return $"'{Shown(argument.Name)}' is not taken as an argument.";
            }

            if (_names.Contains(argument.Name))
            {
                continue;
            }

            if (_spellings.TryGetValue(argument.Name, out var meant))
            {
                return $"'{Shown(argument.Name)}' is spelt '{meant}'.";
            }

            if (_closed)
            {
                return $"'{Shown(argument.Name)}' is no argument of this tool. It takes {(_names.Count == 0 ? "none" : string.Join(", ", _names.Order(StringComparer.Ordinal).Take(20)))}.";
            }
        }

        var steps = new SchemaSteps();
        var fault = _root.Check(arguments, string.Empty, steps);
        return steps.AreSpent ? "The arguments are too many to be checked against the tool's schema." : fault;
    }

    private static bool Poisons(JsonProperty member) => member.Name is "__proto__"
        || (member.Name is "constructor" && member.Value.ValueKind == JsonValueKind.Object && member.Value.TryGetProperty("prototype", out _))
        || (member.Value.ValueKind switch
        {
            JsonValueKind.Object => member.Value.EnumerateObject().Any(Poisons),
            JsonValueKind.Array => member.Value.EnumerateArray().Any(PoisonsItem),
            _ => false,
        });

    private static bool PoisonsItem(JsonElement item) => item.ValueKind switch
    {
        JsonValueKind.Object => item.EnumerateObject().Any(Poisons),
        JsonValueKind.Array => item.EnumerateArray().Any(PoisonsItem),
        _ => false,
    };

    internal static string Shown(string name) => name.Length > 64 ? name[..64] + "..." : name;
}
