using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Proofgate.Cedar.Extensions;

namespace Proofgate.Cedar.Json;

/// <summary>Reads one document and keeps the path to where it is, for errors.</summary>
internal sealed partial class JsonReader
{
    private const int Shown = 60;

    // A path into a chain may be as long as the chain.
    private const int LongestPath = 400;

    // Names, and indexes for elements of arrays.
    private readonly List<(string? Name, int Index)> _path = [];

    public static (T? Result, CedarError? Error) Read<T>(ReadOnlyMemory<byte> utf8, string? fileName, Func<JsonReader, JsonElement, T> read)
        where T : class => Read(utf8, fileName, CedarLimits.JsonDepth, read);

    private static (T? Result, CedarError? Error) Read<T>(ReadOnlyMemory<byte> utf8, string? fileName, int depth, Func<JsonReader, JsonElement, T> read)
        where T : class
    {
        if (utf8.Length > CedarLimits.JsonLength)
            return (null, new CedarError($"the document has {utf8.Length} bytes, more than {CedarLimits.JsonLength}") { FileName = fileName });

        try
        {
            using var document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = depth });
            var (result, error) = Read(document.RootElement, read);
            return (result, error is null ? null : error with { FileName = fileName });
        }
        catch (JsonException fault)
        {
            return (null, new CedarError("the document is not valid JSON or is nested too deep")
            {
                FileName = fileName,
                Position = fault.LineNumber is { } line ? new SourcePosition(-1, (int)line + 1, (int)(fault.BytePositionInLine ?? 0) + 1) : null,
                Hint = $"at most {depth} levels are allowed",
            });
        }
    }

    public static (T? Result, CedarError? Error) Read<T>(JsonElement root, Func<JsonReader, JsonElement, T> read)
        where T : class
    {
        var reader = new JsonReader();
        try
        {
            return (read(reader, root), null);
        }
        catch (JsonFault fault)
        {
            return (null, new CedarError(fault.Message) { Path = fault.Path, Hint = fault.Hint });
        }
        catch (InvalidOperationException)
        {
            // Escapes can spell half a surrogate pair, which no string in Cedar may contain. This is how the platform says so.
            var fault = reader.Fault("a string is not valid Unicode");
            return (null, new CedarError(fault.Message) { Path = fault.Path });
        }
    }

    public List<Entity> Entities(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Fault($"expected an array of entities, found {Describe(element)}");

        var entities = new List<Entity>(element.GetArrayLength());
        foreach (var item in element.EnumerateArray())
            entities.Add(In(entities.Count, item, Entity));
        return entities;
    }

    public Request Request(JsonElement element)
    {
        Fields(element, "request", "principal", "action", "resource", "context");
        return new Request(Field(element, "principal", Uid), Field(element, "action", Uid), Field(element, "resource", Uid), Field(element, "context", Record));
    }

    public Value Value(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.True:
                return BoolValue.True;
            case JsonValueKind.False:
                return BoolValue.False;
            case JsonValueKind.String:
                return new StringValue(Text(element));
            case JsonValueKind.Number:
                return element.TryGetInt64(out var number)
                    ? LongValue.Of(number)
                    : throw Fault("the number is not a 64-bit integer", "for fractions write {\"__extn\":{\"fn\":\"decimal\",\"arg\":\"1.23\"}}");
            case JsonValueKind.Array:
                var items = new List<Value>(element.GetArrayLength());
                foreach (var item in element.EnumerateArray())
                    items.Add(In(items.Count, item, Value));
                return SetValue.From(items);
            case JsonValueKind.Object:
                return EscapeOf(element) switch
                {
                    "__entity" => Field(element, "__entity", Uid),
                    "__extn" => Field(element, "__extn", Extension),
                    "__expr" => throw Fault("`__expr` is no longer part of Cedar"),
                    _ => Record(element),
                };
            default:
                throw Fault("null is not a Cedar value", "leave the attribute out");
        }
    }

    private Entity Entity(JsonElement element)
    {
        Fields(element, "entity", "uid", "attrs", "parents", "tags?");
        return new Entity(Field(element, "uid", Uid))
        {
            Attributes = Field(element, "attrs", Record),
            Parents = Field(element, "parents", Parents),
            Tags = element.TryGetProperty("tags", out _) ? Field(element, "tags", Record) : RecordValue.Empty,
        };
    }

    private List<EntityUid> Parents(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
            throw Fault($"expected an array of parents, found {Describe(element)}");

        var parents = new List<EntityUid>(element.GetArrayLength());
        foreach (var item in element.EnumerateArray())
            parents.Add(In(parents.Count, item, Uid));
        return parents;
    }

    private EntityUid Uid(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Object && EscapeOf(element) == "__entity")
            return Field(element, "__entity", Uid);

        Fields(element, "name of an entity", "type", "id");
        var type = Field(element, "type", Text);
        return Cedar.EntityUid.IsValidType(type)
            ? new EntityUid(type, Field(element, "id", Text))
            : throw Fault("the type is not a path of identifiers such as Proofgate::User");
    }

    private Value Extension(JsonElement element)
    {
        var many = element.ValueKind == JsonValueKind.Object && element.TryGetProperty("args", out _);
        Fields(element, "extension value", "fn", many ? "args" : "arg");
        var name = Field(element, "fn", Text);
        var arguments = many ? Field(element, "args", Arguments) : [Field(element, "arg", Value)];
        if (ExtensionFunctions.Find(name) is not { } function)
            throw Fault("there is no such extension function", "functions are decimal, ip, datetime and duration");

        return function.Call(arguments, out var failure) ?? throw Fault(failure!);
    }

    private Value[] Arguments(JsonElement element) =>
        element.ValueKind == JsonValueKind.Array
            ? [.. element.EnumerateArray().Select((item, index) => In(index, item, Value))]
            : throw Fault($"expected an array of arguments, found {Describe(element)}");

    private RecordValue Record(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Fault($"expected an object, found {Describe(element)}");

        var names = new List<string>();
        var values = new List<Value>();
        foreach (var property in element.EnumerateObject())
        {
            var name = property.Name;
            if (CedarJson.IsReservedName(name))
                throw Fault($"`{name}` must be the only name of its object");
            names.Add(name);
            values.Add(In(name, property.Value, Value));
        }

        return RecordValue.TryCreate([.. names], [.. values], out _) ?? throw Fault("the object has a name twice");
    }

    /// <summary>The name that makes an object an escape: its only one.</summary>
    private static string? EscapeOf(JsonElement element)
    {
        if (element.GetPropertyCount() != 1)
            return null;

        foreach (var property in element.EnumerateObject())
        {
            foreach (var escape in (ReadOnlySpan<string>)["__entity", "__extn", "__expr"])
            {
                if (property.NameEquals(escape))
                    return escape;
            }
        }

        return null;
    }

    /// <summary>Checks that an object has exactly these names; one with a question mark may be missing.</summary>
    public void Fields(JsonElement element, string what, params ReadOnlySpan<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw Fault($"expected the {what}, an object, found {Describe(element)}");

        var seen = 0;
        foreach (var property in element.EnumerateObject())
        {
            var known = 0;
            for (var i = 0; i < names.Length; i++)
                known |= property.NameEquals(names[i].TrimEnd('?')) ? 1 << i : 0;
            if (known == 0)
                throw Fault($"the {what} has an unknown name", $"known are {string.Join(", ", names.ToArray()).Replace("?", "", StringComparison.Ordinal)}");
            if ((seen & known) != 0)
                throw Fault("the object has a name twice");
            seen |= known;
        }
    }

    public T Field<T>(JsonElement element, string name, Func<JsonElement, T> read) =>
        element.TryGetProperty(name, out var value) ? In(name, value, read) : throw Fault($"`{name}` is missing");

    public string Text(JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Fault($"expected a string, found {Describe(element)}");

    public T In<T>(string name, JsonElement element, Func<JsonElement, T> read) => In((name, 0), element, read);

    public T In<T>(int index, JsonElement element, Func<JsonElement, T> read) => In((null, index), element, read);

    private T In<T>((string?, int) step, JsonElement element, Func<JsonElement, T> read)
    {
        // Whoever calls bounds the depth; but an escape may hold an escape, and the caller may have used up most of the stack.
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw Fault("the document is nested too deep");

        _path.Add(step);
        var result = read(element);
        _path.RemoveAt(_path.Count - 1);
        return result;
    }

    public JsonFault Fault(string message, string? hint = null) => new(message, Where(), hint);

    /// <summary>The path to where the reader is: <c>[3].attrs.owner</c>.</summary>
    public string Where()
    {
        var path = new StringBuilder();
        foreach (var (name, index) in _path)
        {
            if (name is null)
                path.Append('[').Append(index).Append(']');
            else
                path.Append(path.Length == 0 ? "" : ".").Append(name.Length > Shown ? name[..Shown] + "..." : name);
            if (path.Length <= LongestPath)
                continue;
            path.Append("...");
            break;
        }

        return path.ToString();
    }

    public static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a bool",
    };
}
