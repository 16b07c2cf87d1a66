using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Proofgate.Cedar.Json;

/// <summary>Writes canonical JSON. Not through a JSON writer of the platform: what those escape may change from version to version, and these bytes are hashed.</summary>
internal sealed partial class CanonicalWriter(IBufferWriter<byte> output)
{
    // Refuses half a surrogate pair, which UTF-8 cannot say: two strings must not become one.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // RFC 8785, 3.2.2.2: exactly these are escaped.
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c), '"', '\\']);

    public void Request(Request request)
    {
        output.Write("{\"action\":"u8);
        Uid(request.Action);
        output.Write(",\"context\":"u8);
        Value(request.Context);
        output.Write(",\"principal\":"u8);
        Uid(request.Principal);
        output.Write(",\"resource\":"u8);
        Uid(request.Resource);
        output.Write("}"u8);
    }

    /// <summary>Sorted by type, then id.</summary>
    public void Entities(IEnumerable<Entity> entities) =>
        Array(entities.OrderBy(e => e.Uid.Type, StringComparer.Ordinal).ThenBy(e => e.Uid.Id, StringComparer.Ordinal), Entity);

    public void Value(Value value)
    {
        switch (value)
        {
            case BoolValue test:
                output.Write(test.Value ? "true"u8 : "false"u8);
                break;
            case LongValue number:
                Number(number.Value);
                break;
            case StringValue text:
                Text(text.Value);
                break;
            case EntityValue entity:
                output.Write("{\"__entity\":"u8);
                Uid(entity.Uid);
                output.Write("}"u8);
                break;
            case SetValue set:
                Set(set);
                break;
            case RecordValue record:
                Record(record);
                break;
            case DatetimeValue { HasText: false } time:
                output.Write("{\"__extn\":{\"args\":["u8);
                Value(new DatetimeValue(0));
                output.Write(","u8);
                Value(new DurationValue(time.Milliseconds));
                output.Write("],\"fn\":\"offset\"}}"u8);
                break;
            case ExtensionValue extension:
                output.Write("{\"__extn\":{\"arg\":"u8);
                Text(extension.Argument);
                output.Write(",\"fn\":"u8);
                Text(extension.Constructor);
                output.Write("}}"u8);
                break;
            default:
                throw new InvalidOperationException($"{value.Kind} is not a kind of value.");
        }
    }

    private void Entity(Entity entity)
    {
        output.Write("{\"attrs\":"u8);
        Record(entity.Attributes);
        output.Write(",\"parents\":"u8);
        Array(entity.Parents.Distinct().OrderBy(p => p.Type, StringComparer.Ordinal).ThenBy(p => p.Id, StringComparer.Ordinal), Uid);
        output.Write(",\"tags\":"u8);
        Record(entity.Tags);
        output.Write(",\"uid\":"u8);
        Uid(entity.Uid);
        output.Write("}"u8);
    }

    private void Uid(EntityUid uid)
    {
        output.Write("{\"id\":"u8);
        Text(uid.Id);
        output.Write(",\"type\":"u8);
        Text(uid.Type);
        output.Write("}"u8);
    }

    private void Record(RecordValue record)
    {
        output.Write("{"u8);
        for (var i = 0; i < record.Count; i++)
        {
            var name = record.Names[i];
            if (CedarJson.IsReservedName(name))
                throw new ArgumentException($"A record with the attribute `{name}` cannot be written: the name marks an escape.");
            if (i > 0)
                output.Write(","u8);
            Text(name);
            output.Write(":"u8);
            Value(record.Values[i]);
        }

        output.Write("}"u8);
    }

    /// <summary>Sorted by the bytes of the elements.</summary>
    private void Set(SetValue set)
    {
        if (set.Count < 2)
        {
            Array(set.AsSpan().ToArray(), Value);
            return;
        }

        var items = new byte[set.Count][];
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new CanonicalWriter(buffer);
        for (var i = 0; i < items.Length; i++)
        {
            buffer.ResetWrittenCount();
            writer.Value(set.AsSpan()[i]);
            items[i] = buffer.WrittenSpan.ToArray();
        }

        System.Array.Sort(items, (a, b) => a.AsSpan().SequenceCompareTo(b));
        Array(items, item => output.Write(item));
    }

    private void Array<T>(IEnumerable<T> items, Action<T> write)
    {
        output.Write("["u8);
        var first = true;
        foreach (var item in items)
        {
            if (!first)
                output.Write(","u8);
            first = false;
            write(item);
        }

        output.Write("]"u8);
    }

    private void Number(long number)
    {
        var span = output.GetSpan(20);
        Utf8Formatter.TryFormat(number, span, out var written);
        output.Advance(written);
    }

    private void Text(string text)
    {
        output.Write("\""u8);
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var plain = rest.IndexOfAny(Escaped);
            Strict.GetBytes(plain < 0 ? rest : rest[..plain], output);
            if (plain < 0)
                break;

            Escape(rest[plain]);
            rest = rest[(plain + 1)..];
        }

        output.Write("\""u8);
    }

    private void Escape(char c)
    {
        switch (c)
        {
            case '"':
                output.Write("\\\""u8);
                break;
            case '\\':
                output.Write("\\\\"u8);
                break;
            case '\b':
                output.Write("\\b"u8);
                break;
            case '\f':
                output.Write("\\f"u8);
                break;
            case '\n':
                output.Write("\\n"u8);
                break;
            case '\r':
                output.Write("\\r"u8);
                break;
            case '\t':
                output.Write("\\t"u8);
                break;
            default:
                Span<byte> hex = [(byte)'\\', (byte)'u', (byte)'0', (byte)'0', Hex(c >> 4), Hex(c & 15)];
                output.Write(hex);
                break;
        }
    }

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);
}
