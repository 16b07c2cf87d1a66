using System.Text.Json;
using Proofgate.Cedar.Extensions;
using Proofgate.Cedar.Schemas;
using Proofgate.Cedar.Syntax;
using Proofgate.Cedar.Validation;

namespace Proofgate.Cedar.Json;

/// <summary>Reading with a schema, which says what is an entity or an extension value where no escape does.</summary>
internal sealed partial class JsonReader
{
    public List<Entity> Entities(JsonElement element, Schema schema)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Fault($"expected an array of entities, found {Describe(element)}");

        var entities = new List<Entity>(element.GetArrayLength());
        foreach (var item in element.EnumerateArray())
            entities.Add(In(entities.Count, item, entity => Entity(entity, schema)));
        return entities;
    }

    public Request Request(JsonElement element, Schema schema)
    {
        Fields(element, "request", "principal", "action", "resource", "context");
        var action = Field(element, "action", Uid);
        return new Request(
            Field(element, "principal", Uid),
            action,
            Field(element, "resource", Uid),
            Field(element, "context", context => Context(context, schema, action)));
    }

    public RecordValue Context(JsonElement element, Schema schema, EntityUid action) => schema.Action(action) is { } model
        ? Record(element, model.Context)
        : throw Fault($"the schema has no action {action}", Nearest.Hint(action.Id, schema.Actions.Select(uid => uid.Id)));

    private Entity Entity(JsonElement element, Schema schema)
    {
        Fields(element, "entity", "uid", "attrs", "parents", "tags?");
        var uid = Field(element, "uid", Uid);
        if (Schema.IsActionType(uid.Type))
            return Entity(element);

        var type = schema.EntityType(uid.Type) ?? throw Fault($"the schema has no entity type `{uid.Type}`", Nearest.Hint(uid.Type, schema.EntityTypes));
        return new Entity(uid)
        {
            Attributes = Field(element, "attrs", attributes => Record(attributes, type.Attributes)),
            Parents = Field(element, "parents", Parents),
            Tags = element.TryGetProperty("tags", out var tags) ? In("tags", tags, all => Tags(all, type.Tags)) : RecordValue.Empty,
        };
    }

    private RecordValue Tags(JsonElement element, CedarType? type)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Fault($"expected an object, found {Describe(element)}");

        return Pairs(element, _ => type ?? throw Fault("entities of this type have no tags"));
    }

    private RecordValue Record(JsonElement element, CedarType.Record type)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Fault($"expected an object, found {Describe(element)}");

        var record = Pairs(element, name => type.Find(name)?.Type
            ?? throw Fault($"the schema has no attribute {StringLiteral.Quote(Shorten(name))} here", Nearest.Hint(name, type.Names)));
        for (var i = 0; i < type.Names.Length; i++)
        {
            if (type.Attributes[i].IsRequired && !record.Has(type.Names[i]))
                throw Fault($"the attribute {StringLiteral.Quote(Shorten(type.Names[i]))} is missing");
        }

        return record;
    }

    private RecordValue Pairs(JsonElement element, Func<string, CedarType> typeOf)
    {
        var names = new List<string>();
        var values = new List<Value>();
        foreach (var property in element.EnumerateObject())
        {
            var name = property.Name;
            var type = typeOf(name);
            names.Add(name);
            values.Add(In(name, property.Value, value => Typed(value, type)));
        }

        return RecordValue.TryCreate([.. names], [.. values], out _) ?? throw Fault("the object has a name twice");
    }

    /// <summary>Reads what the type asks for where the form is right for it; what has another type is found when the result is checked.</summary>
    private Value Typed(JsonElement element, CedarType type)
    {
        switch (type)
        {
            case CedarType.Entity:
                return Uid(element);
            case CedarType.Record record when element.ValueKind == JsonValueKind.Object:
                return Record(element, record);
            case CedarType.Set set when element.ValueKind == JsonValueKind.Array:
                var items = new List<Value>(element.GetArrayLength());
                foreach (var item in element.EnumerateArray())
                    items.Add(In(items.Count, item, value => Typed(value, set.Element)));
                return SetValue.From(items);
            default:
                return FunctionTypes.ConstructorOf(type) is { } constructor ? Extension(element, constructor) : Value(element);
        }
    }

    /// <summary>With the escape, without it as <c>{"fn":..,"arg":..}</c>, or the constructor's argument alone.</summary>
    private Value Extension(JsonElement element, string constructor)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return ExtensionFunctions.Find(constructor)!.Call([Value(element)], out var failure) ?? throw Fault(failure!);
            case JsonValueKind.Object when EscapeOf(element) == "__extn":
                return Field(element, "__extn", TypedExtension);
            case JsonValueKind.Object when EscapeOf(element) is null && element.TryGetProperty("fn", out _):
                return TypedExtension(element);
            default:
                return Value(element);
        }
    }

    private Value TypedExtension(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty("args", out var list) || list.ValueKind != JsonValueKind.Array)
            return Extension(element);

        // Arguments, too, may leave their escapes out.
        Fields(element, "extension value", "fn", "args");
        var function = ExtensionFunctions.Find(Field(element, "fn", Text)) ?? throw Fault("there is no such extension function", "functions are decimal, ip, datetime and duration");
        var types = FunctionTypes.Of(function.Name).Arguments;
        if (list.GetArrayLength() != types.Length)
            throw Fault($"`{function.Name}` needs {types.Length} arguments");

        var arguments = Field(element, "args", all => all.EnumerateArray().Select((item, index) => In(index, item, value => Typed(value, types[index]))).ToArray());
        return function.Call(arguments, out var failure) ?? throw Fault(failure!);
    }

    private static string Shorten(string name) => name.Length > Shown ? name[..Shown] + "..." : name;
}
