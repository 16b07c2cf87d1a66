using System.Buffers;
using System.Text;
using System.Text.Json;
using Proofgate.Cedar.Json;

namespace Proofgate.Cedar;

/// <summary>Cedar's JSON formats for values, entities and requests. Without a schema, an entity is <c>{"__entity":{"type":..,"id":..}}</c> and an
/// extension value <c>{"__extn":{"fn":..,"arg":..}}</c>, except that names of entities may leave the escape out.
/// What is written is canonical, so equal things have equal bytes: names sorted by UTF-16 unit and strings escaped as RFC 8785 says, no white space,
/// sets and entities sorted, integers in full. Reading it back gives an equal value.</summary>
public static class CedarJson
{
    /// <summary>Whether a record with this attribute cannot be written in Cedar's JSON, where the name marks an escape. Whoever builds records
    /// with names that a caller chose must refuse these.</summary>
    public static bool IsReservedName(string name) => name is "__entity" or "__extn" or "__expr";

    /// <summary>Reads an array of entities (<c>uid</c>, <c>attrs</c>, <c>parents</c>, <c>tags</c>) and computes the closure.</summary>
    public static EntitiesResult ParseEntities(ReadOnlyMemory<byte> utf8, string? fileName = null)
    {
        var (entities, error) = JsonReader.Read(utf8, fileName, (reader, root) => reader.Entities(root));
        if (entities is null)
            return new EntitiesResult.Failed([error!]);

        return Named(Entities.Load(entities), fileName);
    }

    /// <inheritdoc cref="ParseEntities(ReadOnlyMemory{byte}, string?)"/>
    public static EntitiesResult ParseEntities(string json, string? fileName = null) => ParseEntities(Encoding.UTF8.GetBytes(json), fileName);

    /// <summary>As <see cref="ParseEntities(ReadOnlyMemory{byte}, string?)"/>, with a schema: escapes may be left out where it says what a value is,
    /// the entities are checked against it, and its actions are added.</summary>
    public static EntitiesResult ParseEntities(ReadOnlyMemory<byte> utf8, Schema schema, string? fileName = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var (entities, error) = JsonReader.Read(utf8, fileName, (reader, root) => reader.Entities(root, schema));
        if (entities is null)
            return new EntitiesResult.Failed([error!]);

        var result = Entities.Load(entities);
        if (result is not EntitiesResult.Loaded { Entities: var alone })
            return Named(result, fileName);

        var errors = schema.Check(alone);
        return errors.Count > 0
            ? new EntitiesResult.Failed([.. errors.Select(e => e with { FileName = fileName })])
            : Named(schema.ActionEntities.TryWith([.. entities.Where(entity => !Schema.IsActionType(entity.Uid.Type))]), fileName);
    }

    /// <inheritdoc cref="ParseEntities(ReadOnlyMemory{byte}, Schema, string?)"/>
    public static EntitiesResult ParseEntities(string json, Schema schema, string? fileName = null) =>
        ParseEntities(Encoding.UTF8.GetBytes(json), schema, fileName);

    /// <summary>Reads <c>{"principal":..,"action":..,"resource":..,"context":{..}}</c>.</summary>
    public static RequestResult ParseRequest(ReadOnlyMemory<byte> utf8, string? fileName = null)
    {
        var (request, error) = JsonReader.Read(utf8, fileName, (reader, root) => reader.Request(root));
        return request is null ? new RequestResult.Failed([error!]) : new RequestResult.Parsed(request);
    }

    /// <inheritdoc cref="ParseRequest(ReadOnlyMemory{byte}, string?)"/>
    public static RequestResult ParseRequest(string json, string? fileName = null) => ParseRequest(Encoding.UTF8.GetBytes(json), fileName);

    /// <summary>As <see cref="ParseRequest(ReadOnlyMemory{byte}, string?)"/>, with a schema: escapes may be left out in the context, and the request
    /// is checked.</summary>
    public static RequestResult ParseRequest(ReadOnlyMemory<byte> utf8, Schema schema, string? fileName = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var (request, error) = JsonReader.Read(utf8, fileName, (reader, root) => reader.Request(root, schema));
        if (request is null)
            return new RequestResult.Failed([error!]);

        var errors = schema.Check(request);
        return errors.Count > 0
            ? new RequestResult.Failed([.. errors.Select(e => e with { FileName = fileName })])
            : new RequestResult.Parsed(request);
    }

    /// <inheritdoc cref="ParseRequest(ReadOnlyMemory{byte}, Schema, string?)"/>
    public static RequestResult ParseRequest(string json, Schema schema, string? fileName = null) =>
        ParseRequest(Encoding.UTF8.GetBytes(json), schema, fileName);

    /// <summary>Reads the context of a request for an action of the schema, where escapes may be left out. It is checked with the request:
    /// <see cref="Schema.Check(Request)"/>. The nesting of the element has been bounded by whoever parsed it.</summary>
    public static ValueResult ParseContext(JsonElement element, Schema schema, EntityUid action)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var (value, error) = JsonReader.Read(element, (reader, root) => reader.Context(root, schema, action));
        return value is null ? new ValueResult.Failed([error!]) : new ValueResult.Parsed(value);
    }

    /// <summary>Reads one value, for example a context, which is a record.</summary>
    public static ValueResult ParseValue(ReadOnlyMemory<byte> utf8, string? fileName = null)
    {
        var (value, error) = JsonReader.Read(utf8, fileName, (reader, root) => reader.Value(root));
        return value is null ? new ValueResult.Failed([error!]) : new ValueResult.Parsed(value);
    }

    /// <inheritdoc cref="ParseValue(ReadOnlyMemory{byte}, string?)"/>
    public static ValueResult ParseValue(string json, string? fileName = null) => ParseValue(Encoding.UTF8.GetBytes(json), fileName);

    /// <summary>Reads one value that is part of a larger document. The nesting of that document has been bounded by whoever parsed it.</summary>
    public static ValueResult ParseValue(JsonElement element)
    {
        var (value, error) = JsonReader.Read(element, (reader, root) => reader.Value(root));
        return value is null ? new ValueResult.Failed([error!]) : new ValueResult.Parsed(value);
    }

    /// <exception cref="ArgumentException">A record has a reserved name, or a string is not valid UTF-16.</exception>
    public static void Write(IBufferWriter<byte> output, Value value) => new CanonicalWriter(output).Value(value);

    /// <inheritdoc cref="Write(IBufferWriter{byte}, Value)"/>
    public static void Write(IBufferWriter<byte> output, Request request) => new CanonicalWriter(output).Request(request);

    /// <inheritdoc cref="Write(IBufferWriter{byte}, Value)"/>
    public static void Write(IBufferWriter<byte> output, IEnumerable<Entity> entities) => new CanonicalWriter(output).Entities(entities);

    /// <inheritdoc cref="Write(IBufferWriter{byte}, Value)"/>
    public static string Write(Value value) => ToText(writer => writer.Value(value));

    /// <inheritdoc cref="Write(IBufferWriter{byte}, Value)"/>
    public static string Write(Request request) => ToText(writer => writer.Request(request));

    /// <inheritdoc cref="Write(IBufferWriter{byte}, Value)"/>
    public static string Write(IEnumerable<Entity> entities) => ToText(writer => writer.Entities(entities));

    private static EntitiesResult Named(EntitiesResult result, string? fileName) => result is EntitiesResult.Failed failed
        ? new EntitiesResult.Failed([.. failed.Errors.Select(e => e with { FileName = fileName })])
        : result;

    private static string ToText(Action<CanonicalWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new CanonicalWriter(output));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
