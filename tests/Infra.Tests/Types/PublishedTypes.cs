using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Bicep.Types.Az;
using Azure.Bicep.Types.Concrete;
using Azure.Bicep.Types.Index;
using Proofgate.Infra.Tests.Compiler;

namespace Proofgate.Infra.Tests.Types;

/// <summary>
/// What the services publish of their resources. The compiler lets through any value where a list of values is called open; here it has to be one of the list.
/// </summary>
internal static class PublishedTypes
{
    private static readonly AzTypeLoader Loader = new();
    private static readonly TypeIndex Index = Loader.LoadTypeIndex();

    /// <returns>One sentence for each offence.</returns>
    internal static IEnumerable<string> Find(Deployment.Resource resource)
    {
        var version = resource.Json["apiVersion"]!.GetValue<string>();
        var key = Index.Resources.Keys.FirstOrDefault(k => k.Equals($"{resource.Type}@{version}", StringComparison.OrdinalIgnoreCase));
        if (key is null)
        {
            return [$"{resource.Type}@{version} is not published"];
        }

        // Of its place, and not of its kind.
        string[] ofTheTemplate = ["apiVersion", "scope", "dependsOn", "condition"];
        var body = new JsonObject(resource.Json.Where(p => !ofTheTemplate.Contains(p.Key)).Select(static p => KeyValuePair.Create(p.Key, p.Value?.DeepClone())));
        body["name"] = body["name"]!.GetValue<string>().Split('/')[^1];
        return Check(resource.Name, body, Loader.LoadResourceType(Index.Resources[key]).Body.Type).Distinct();
    }

    private static IEnumerable<string> Check(string path, JsonNode? value, TypeBase type) => (type, value) switch
    {
        // A secret or something that Azure answers: not known before.
        (_, JsonValue text) when text.GetValueKind() == JsonValueKind.String && text.GetValue<string>().StartsWith('[') => [],
        (ObjectType o, JsonObject json) => OfObject(path, json, o.Properties, o.AdditionalProperties?.Type),
        (DiscriminatedObjectType d, JsonObject json) => OfDiscriminated(path, json, d),
        (ArrayType a, JsonArray items) => items.SelectMany((item, i) => Check($"{path}[{i}]", item, a.ItemType.Type)),
        (UnionType u, _) => OfUnion(path, value, u),
        (StringLiteralType l, JsonValue text) when text.GetValueKind() == JsonValueKind.String => text.GetValue<string>() == l.Value ? [] : [$"{path}: '{text}' is not '{l.Value}'"],
        (StringType, JsonValue text) when text.GetValueKind() == JsonValueKind.String => [],
        (IntegerType, JsonValue number) when number.GetValueKind() == JsonValueKind.Number => [],
        (BooleanType, JsonValue flag) when flag.GetValueKind() is JsonValueKind.True or JsonValueKind.False => [],
        (AnyType, _) => [],
        (NullType, null) => [],
        _ => [$"{path}: {value?.GetValueKind().ToString() ?? "null"} is no {type.GetType().Name}"],
    };

    private static IEnumerable<string> OfObject(string path, JsonObject json, IReadOnlyDictionary<string, ObjectTypeProperty> properties, TypeBase? others)
    {
        foreach (var (name, value) in json)
        {
            if (!properties.TryGetValue(name, out var property))
            {
                foreach (var problem in others is null ? [$"{path}.{name} is no property"] : Check($"{path}.{name}", value, others))
                {
                    yield return problem;
                }

                continue;
            }

            if (property.Flags.HasFlag(ObjectTypePropertyFlags.ReadOnly) && !property.Flags.HasFlag(ObjectTypePropertyFlags.DeployTimeConstant))
            {
                yield return $"{path}.{name} can only be read";
            }

            // Null is the same as leaving it out.
            foreach (var problem in value is null ? [] : Check($"{path}.{name}", value, property.Type.Type))
            {
                yield return problem;
            }
        }

        foreach (var (name, property) in properties)
        {
            if (property.Flags.HasFlag(ObjectTypePropertyFlags.Required) && !json.ContainsKey(name))
            {
                yield return $"{path}.{name} is missing";
            }
        }
    }

    private static IEnumerable<string> OfDiscriminated(string path, JsonObject json, DiscriminatedObjectType type) =>
        json[type.Discriminator]?.GetValue<string>() is { } kind && type.Elements.TryGetValue(kind, out var element)
            ? OfObject(path, json, type.BaseProperties.Concat(((ObjectType)element.Type).Properties).ToDictionary(static p => p.Key, static p => p.Value), null)
            : [$"{path}.{type.Discriminator} names no kind of {type.Name}"];

    private static IEnumerable<string> OfUnion(string path, JsonNode? value, UnionType union)
    {
        var listed = union.Elements.Select(static e => e.Type).ToList();
        var literals = listed.OfType<StringLiteralType>().Select(static l => l.Value).ToList();
        if (literals.Count > 0 && value is JsonValue text && text.GetValueKind() == JsonValueKind.String)
        {
            return literals.Contains(text.GetValue<string>()) ? [] : [$"{path}: '{text}' is none of {string.Join(", ", literals)}"];
        }

        return listed.Any(type => !Check(path, value, type).Any()) ? [] : [$"{path}: {value?.ToJsonString() ?? "null"} is none of what it may be"];
    }
}
