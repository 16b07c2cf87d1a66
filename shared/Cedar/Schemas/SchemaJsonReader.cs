using System.Text.Json;
using Proofgate.Cedar.Json;
using Proofgate.Cedar.Syntax;

namespace Proofgate.Cedar.Schemas;

/// <summary>Reads the JSON form of a schema. Nesting is bounded by <see cref="CedarLimits.JsonDepth"/>.</summary>
internal sealed class SchemaJsonReader(JsonReader reader)
{
    private readonly List<NamespaceSyntax> _namespaces = [];
    private int _count;

    private Place Here => new(null, reader.Where());

    public IReadOnlyList<NamespaceSyntax> Document(JsonElement element)
    {
        Each(element, "an object of namespaces", (name, value) => Namespace(name, value));
        return _namespaces;
    }

    private void Namespace(string name, JsonElement element)
    {
        if (name.Length > 0 && !Names.IsPath(name))
            throw reader.Fault("the name of a namespace is not a path of identifiers", "write \"A::B\", or \"\" for what stands outside any namespace");

        reader.Fields(element, "namespace", "entityTypes", "actions", "commonTypes?", "annotations?");
        Required(element, "entityTypes", "actions");
        var into = new NamespaceSyntax(name, Here);
        if (Annotations(element) && name.Length == 0)
            throw reader.Fault("what stands outside any namespace can have no annotations");

        _namespaces.Add(into);
        if (element.TryGetProperty("commonTypes", out var commons))
            reader.In("commonTypes", commons, all => Each(all, "an object of types", (id, type) => into.Commons.Add(Common(id, type))));
        reader.Field(element, "entityTypes", all => Each(all, "an object of entity types", (id, entity) => into.Entities.Add(Entity(id, entity))));
        reader.Field(element, "actions", all => Each(all, "an object of actions", (id, action) => into.Actions.Add(Action(id, action))));
    }

    private CommonSyntax Common(string id, JsonElement element)
    {
        Declared(id);
        var name = new NameSyntax(id, Here);
        return new CommonSyntax(name, Type(element, "annotations"));
    }

    private EntitySyntax Entity(string id, JsonElement element)
    {
        Declared(id);
        var names = new[] { new NameSyntax(id, Here) };
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty("enum", out var ids))
        {
            reader.Fields(element, "enumeration", "enum", "annotations?");
            Annotations(element);
            var all = reader.In("enum", ids, list => Items(list, "an array of ids", reader.Text));
            return all.Count > 0 ? new EntitySyntax(names) { Ids = all } : throw reader.Fault("an enumeration needs at least one id");
        }

        reader.Fields(element, "entity type", "memberOfTypes?", "shape?", "tags?", "annotations?");
        Annotations(element);
        return new EntitySyntax(names)
        {
            Parents = element.TryGetProperty("memberOfTypes", out var parents) ? reader.In("memberOfTypes", parents, TypeNames) : [],
            Shape = element.TryGetProperty("shape", out var shape) ? reader.In("shape", shape, type => Type(type)) : null,
            Tags = element.TryGetProperty("tags", out var tags) ? reader.In("tags", tags, type => Type(type)) : null,
        };
    }

    private ActionSyntax Action(string id, JsonElement element)
    {
        Counted();
        var names = new[] { new NameSyntax(id, Here) };
        reader.Fields(element, "action", "attributes?", "appliesTo?", "memberOf?", "annotations?");
        Annotations(element);
        if (Optional(element, "attributes") is not null)
            throw reader.Fault("an action has no attributes");

        var action = Optional(element, "appliesTo") is { } appliesTo ? reader.In("appliesTo", appliesTo, part => AppliesTo(names, part)) : new ActionSyntax(names);
        return Optional(element, "memberOf") is { } groups
            ? action with { Parents = reader.In("memberOf", groups, list => Items(list, "an array of actions", ActionParent)) }
            : action;
    }

    private ActionSyntax AppliesTo(NameSyntax[] names, JsonElement element)
    {
        reader.Fields(element, "part `appliesTo`", "principalTypes", "resourceTypes", "context?");
        return new ActionSyntax(names)
        {
            Principals = reader.Field(element, "principalTypes", TypeNames),
            Resources = reader.Field(element, "resourceTypes", TypeNames),
            Context = element.TryGetProperty("context", out var context) ? reader.In("context", context, type => Type(type)) : null,
        };
    }

    private ActionParentSyntax ActionParent(JsonElement element)
    {
        reader.Fields(element, "action", "id", "type?");
        var type = Optional(element, "type") is { } named ? reader.In("type", named, PathText) : null;
        return new ActionParentSyntax(type, reader.Field(element, "id", reader.Text), Here);
    }

    private IReadOnlyList<NameSyntax> TypeNames(JsonElement element) =>
        Items(element, "an array of entity types", item => new NameSyntax(PathText(item), Here));

    /// <param name="element">The type.</param>
    /// <param name="also">Names that the object has although they do not belong to the type: it is that of an attribute or a common type.</param>
    private TypeSyntax Type(JsonElement element, params ReadOnlySpan<string> also)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw reader.Fault($"expected a type, an object, found {JsonReader.Describe(element)}", "write {\"type\":\"Long\"}");

        var name = reader.Field(element, "type", reader.Text);
        ReadOnlySpan<string> own = name switch
        {
            "Set" => ["type", "element"],
            "Record" => ["type", "attributes", "additionalAttributes?"],
            "Entity" or "EntityOrCommon" or "Extension" => ["type", "name"],
            _ => ["type"],
        };
        reader.Fields(element, "type", [.. own, .. also]);
        if (also.Length > 0)
            Annotations(element);
        return name switch
        {
            "String" => new TypeSyntax.Known(Here, CedarType.String),
            "Long" => new TypeSyntax.Known(Here, CedarType.Long),
            "Boolean" => new TypeSyntax.Known(Here, CedarType.Bool),
            "Set" => new TypeSyntax.Set(Here, reader.Field(element, "element", item => Type(item))),
            "Record" => Record(element),
            "Entity" => new TypeSyntax.Named(Here, reader.Field(element, "name", PathText), NameKind.Entity),
            "EntityOrCommon" => new TypeSyntax.Named(Here, reader.Field(element, "name", PathText), NameKind.CommonOrEntity),
            "Extension" => reader.Field(element, "name", ExtensionType),
            _ => new TypeSyntax.Named(Here, reader.Field(element, "type", PathText), NameKind.Common),
        };
    }

    private TypeSyntax.Known ExtensionType(JsonElement element)
    {
        var name = reader.Text(element);
        return CedarType.Extension(name) is { } type
            ? new TypeSyntax.Known(Here, type)
            : throw reader.Fault("there is no such extension type", Nearest.Hint(name, ["decimal", "ipaddr", "datetime", "duration"]) ?? "there are decimal, ipaddr, datetime and duration");
    }

    private TypeSyntax.Record Record(JsonElement element)
    {
        if (element.TryGetProperty("additionalAttributes", out var open) && open.ValueKind != JsonValueKind.False)
            throw reader.Fault("`additionalAttributes` can be false only", "declare every attribute");

        var place = Here;
        var attributes = new List<AttributeSyntax>();
        reader.Field(element, "attributes", all => Each(all, "an object of attributes", (name, type) => attributes.Add(Attribute(name, type))));
        return new TypeSyntax.Record(place, attributes);
    }

    private AttributeSyntax Attribute(string name, JsonElement element)
    {
        var type = Type(element, "required?", "annotations?");
        var isRequired = !element.TryGetProperty("required", out var required) || required.ValueKind == JsonValueKind.True;
        return required.ValueKind is JsonValueKind.Undefined or JsonValueKind.True or JsonValueKind.False
            ? new AttributeSyntax(name, isRequired, type)
            : throw reader.Fault($"`required` must be a bool, not {JsonReader.Describe(required)}");
    }

    private string PathText(JsonElement element)
    {
        var path = reader.Text(element);
        var rest = path.StartsWith("__cedar::", StringComparison.Ordinal) ? path["__cedar::".Length..] : path;
        return Names.IsPath(rest) ? path : throw reader.Fault("this is no name of a type", "a type is named by a path of identifiers such as Proofgate::User");
    }

    /// <summary>Whether there are any. They mean nothing to Cedar; they are checked and dropped.</summary>
    private bool Annotations(JsonElement element)
    {
        var any = false;
        if (element.TryGetProperty("annotations", out var annotations))
        {
            reader.In("annotations", annotations, all => Each(all, "an object of annotations", (key, value) =>
            {
                any = true;
                if (!Names.IsIdentifier(key))
                    throw reader.Fault("the name of an annotation must be an identifier");
                if (value.ValueKind != JsonValueKind.Null)
                    reader.Text(value);
            }));
        }

        return any;
    }

    private void Declared(string id)
    {
        Counted();
        if (!Names.IsIdentifier(id) || Names.IsReserved(id))
            throw reader.Fault("the name of a type must be an identifier that is not reserved");
    }

    private void Counted()
    {
        if (++_count > CedarLimits.Declarations)
            throw reader.Fault($"the schema has more than {CedarLimits.Declarations} declarations");
    }

    private void Required(JsonElement element, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (!element.TryGetProperty(name, out _))
                throw reader.Fault($"`{name}` is missing", "it may be empty: {}");
        }
    }

    private static JsonElement? Optional(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private bool Each(JsonElement element, string what, Action<string, JsonElement> read)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw reader.Fault($"expected {what}, found {JsonReader.Describe(element)}");

        var seen = new HashSet<string>();
        foreach (var property in element.EnumerateObject())
        {
            var name = property.Name;
            if (!seen.Add(name))
                throw reader.Fault("the object has a name twice");
            reader.In(name, property.Value, value =>
            {
                read(name, value);
                return true;
            });
        }

        return true;
    }

    private List<T> Items<T>(JsonElement element, string what, Func<JsonElement, T> read)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw reader.Fault($"expected {what}, found {JsonReader.Describe(element)}");

        var items = new List<T>(element.GetArrayLength());
        foreach (var item in element.EnumerateArray())
            items.Add(reader.In(items.Count, item, read));
        return items;
    }
}
