using System.Globalization;
using System.Text.Json;
using Azure.Data.Tables;

namespace Proofgate.AzureStores.Rows;

/// <summary>
/// Reads a row strictly: each column has the type that it was written with, and <see cref="End"/> refuses columns that nobody asked for. A
/// later version may have stored a restriction there that this one would not keep.
/// </summary>
internal sealed class RowReader
{
    internal const string MomentFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";
    internal const string DayFormat = "yyyy-MM-dd";

    private readonly string _table;
    private readonly TableEntity _row;
    private readonly HashSet<string> _unread;

    internal RowReader(string table, TableEntity row)
    {
        (_table, _row) = (table, row);
        _unread = new HashSet<string>(Columns(row), StringComparer.Ordinal);
    }

    /// <summary>Names of the stored columns, without keys and without what the service adds.</summary>
    internal static IEnumerable<string> Columns(TableEntity row) => row.Keys.Where(static name => name is not
        ("PartitionKey" or "RowKey" or "Timestamp" or "odata.etag" or "odata.metadata" or "odata.type" or "odata.id" or "odata.editLink"));

    internal string Text(string column) => OptionalText(column) ?? throw Missing(column);

    internal string? OptionalText(string column) => (string?)Take<string>(column);

    internal long Number(string column) => OptionalNumber(column) ?? throw Missing(column);

    internal long? OptionalNumber(string column) => (long?)Take<long>(column);

    internal int? OptionalCount(string column) => OptionalNumber(column) switch
    {
        null => null,
        >= 0 and <= int.MaxValue and { } value => (int)value,
        _ => throw Malformed($"column '{column}' is out of range"),
    };

    internal byte[] Binary(string column) => (byte[]?)Take<byte[]>(column) ?? throw Missing(column);

    internal DateTimeOffset Moment(string column) => OptionalMoment(column) ?? throw Missing(column);

    internal DateTimeOffset? OptionalMoment(string column)
    {
        if (OptionalText(column) is not { } text)
            return null;
        const DateTimeStyles utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        return DateTimeOffset.TryParseExact(text, MomentFormat, CultureInfo.InvariantCulture, utc, out var moment)
            ? moment
            : throw Malformed($"column '{column}' is no time");
    }

    internal DateOnly? OptionalDay(string column)
    {
        if (OptionalText(column) is not { } text)
            return null;
        return DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw Malformed($"column '{column}' is no day");
    }

    /// <summary>A name of <typeparamref name="T"/>, as it is spelled in the code.</summary>
    internal T Choice<T>(string column)
        where T : struct, Enum
    {
        var text = Text(column);
        return Array.IndexOf(Enum.GetNames<T>(), text) >= 0 ? Enum.Parse<T>(text) : throw Malformed($"column '{column}' has an unknown value");
    }

    internal List<string> Texts(string column)
    {
        var text = Text(column);
        try
        {
            using var json = JsonDocument.Parse(text);
            var values = new List<string>();
            foreach (var item in json.RootElement.EnumerateArray())
                values.Add(item.GetString() ?? throw Malformed($"column '{column}' holds a null"));
            return values;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw Malformed($"column '{column}' is no list of strings");
        }
    }

    internal void End()
    {
        if (_unread.Count > 0)
            throw Malformed($"it has columns that this version does not know: {string.Join(", ", _unread.Order(StringComparer.Ordinal))}");
    }

    internal MalformedRowException Malformed(string problem) => new(_table, _row.PartitionKey, _row.RowKey, problem);

    private object? Take<T>(string column)
    {
        _unread.Remove(column);
        if (!_row.TryGetValue(column, out var value) || value is null)
            return null;
        return value is T ? value : throw Malformed($"column '{column}' is of another type");
    }

    private MalformedRowException Missing(string column) => Malformed($"column '{column}' is missing");
}
