using System.Buffers;
using System.Text;
using System.Text.Json;
using Proofgate.Cedar.Json;

namespace Proofgate.Cedar;

/// <summary>Cedar's JSON formats for values, entities and requests, read without a schema: an entity is <c>{"__entity":{"type":..,"id":..}}</c> and an
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

        var result = Entities.Load(entities);
        return result is EntitiesResult.Failed failed
            ? new EntitiesResult.Failed([.. failed.Errors.Select(e => e with { FileName = fileName })])
            : result;
    }

    /// <inheritdoc cref="ParseEntities(ReadOnlyMemory{byte}, string?)"/>
    public static EntitiesResult ParseEntities(string json, string? fileName = null) => ParseEntities(Encoding.UTF8.GetBytes(json), fileName);

    /// <summary>Reads <c>{"principal":..,"action":..,"resource":..,"context":{..}}</c>.</summary>
    public static RequestResult ParseRequest(ReadOnlyMemory<byte> utf8, string? fileName = null)
    {
        var (request, error) = JsonReader.Read(utf8, fileName, (reader, root) => reader.Request(root));
        return request is null ? new RequestResult.Failed([error!]) : new RequestResult.Parsed(request);
    }

    /// <inheritdoc cref="ParseRequest(ReadOnlyMemory{byte}, string?)"/>
    public static RequestResult ParseRequest(string json, string? fileName = null) => ParseRequest(Encoding.UTF8.GetBytes(json), fileName);

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

    private static string ToText(Action<CanonicalWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(new CanonicalWriter(output));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
