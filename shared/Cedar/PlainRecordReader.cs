using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Proofgate.Cedar.Schemas;

namespace Proofgate.Cedar;

/// <summary>
/// Reads what others wrote as JSON as a record of the type that a schema gives it. Nothing in it is an escape: what calls itself an entity is an object like any other.
/// What the type does not name is left out, and what is not of its type is no record at all: a policy must never take it for absent.
/// </summary>
public sealed class PlainRecordReader
{
    private readonly CedarType.Record _type;

    internal PlainRecordReader(CedarType.Record type) => _type = type;

    /// <summary>What of the JSON is read.</summary>
    public IReadOnlyList<string> Names => _type.Names;

    /// <param name="element">An object without duplicate keys.</param>
    /// <param name="record">The record.</param>
    /// <param name="misfit">Where it is not of the type, and what stands there by the type: <c>limit</c>, <c>Long</c>.</param>
    public bool TryRead(JsonElement element, [NotNullWhen(true)] out RecordValue? record, out (string Path, string Expected) misfit)
    {
        misfit = default;
        record = Read(element, _type, string.Empty, ref misfit) as RecordValue;
        return record is not null;
    }

    /// <summary>Whether JSON without escapes can be read as the type.</summary>
    internal static bool CanRead(CedarType type) => type switch
    {
        CedarType.Record record => !record.IsOpen && record.Attributes.All(static a => CanRead(a.Type)),
        CedarType.Set set => CanRead(set.Element),
        _ => type == CedarType.String || type == CedarType.Long || type.IsBool || type == CedarType.Decimal || type == CedarType.Ip || type == CedarType.Datetime
            || type == CedarType.Duration,
    };

    private static Value? Read(JsonElement element, CedarType type, string path, ref (string, string) misfit)
    {
        var value = type switch
        {
            CedarType.Record record when element.ValueKind == JsonValueKind.Object => ReadMembers(element, record, path, ref misfit),
            CedarType.Set set when element.ValueKind == JsonValueKind.Array => ReadItems(element, set.Element, path, ref misfit),
            _ when element.ValueKind == JsonValueKind.String => ReadText(element, type),
            _ when element.ValueKind == JsonValueKind.Number => ReadNumber(element, type),
            _ when element.ValueKind is JsonValueKind.True or JsonValueKind.False && type.IsBool => (Value)element.GetBoolean(),
            _ => null,
        };
        if (value is null && misfit == default)
        {
            misfit = (path, type.ToString());
        }

        return value;
    }

    private static RecordValue? ReadMembers(JsonElement element, CedarType.Record type, string path, ref (string, string) misfit)
    {
        var members = new List<KeyValuePair<string, Value>>();
        for (var i = 0; i < type.Names.Length; i++)
        {
            var name = type.Names[i];
            var place = path.Length == 0 ? name : $"{path}.{name}";
            if (!element.TryGetProperty(name, out var member))
            {
                if (type.Attributes[i].IsRequired)
                {
                    misfit = (place, type.Attributes[i].Type.ToString());
                    return null;
                }

                continue;
            }

            if (Read(member, type.Attributes[i].Type, place, ref misfit) is not { } value)
            {
                return null;
            }

            members.Add(new(name, value));
        }

        return RecordValue.From(members);
    }

    private static SetValue? ReadItems(JsonElement element, CedarType type, string path, ref (string, string) misfit)
    {
        var items = new List<Value>(element.GetArrayLength());
        foreach (var item in element.EnumerateArray())
        {
            if (Read(item, type, path, ref misfit) is not { } value)
            {
                return null;
            }

            items.Add(value);
        }

        return SetValue.From(items);
    }

    private static Value? ReadText(JsonElement element, CedarType type)
    {
        string text;
        try
        {
            text = element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair.
            return null;
        }

        return type == CedarType.String ? text
            : type == CedarType.Ip && IpValue.TryParse(text, out var ip) ? ip
            : type == CedarType.Datetime && DatetimeValue.TryParse(text, out var time) ? time
            : type == CedarType.Duration && DurationValue.TryParse(text, out var duration) ? duration
            : (Value?)null;
    }

    /// <summary>Exactly or not at all: a number that was rounded would be another than the one that is acted on.</summary>
    private static Value? ReadNumber(JsonElement element, CedarType type)
    {
        if (type == CedarType.Long)
        {
            return element.TryGetInt64(out var whole) ? whole : null;
        }

        if (type != CedarType.Decimal)
        {
            return null;
        }

        // Cedar's own form has a point and no exponent.
        var text = element.GetRawText();
        return DecimalValue.TryParse(text.Contains('.', StringComparison.Ordinal) ? text : text + ".0", out var number) ? number : null;
    }
}
