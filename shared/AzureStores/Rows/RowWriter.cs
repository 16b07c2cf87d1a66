using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;

namespace Proofgate.AzureStores.Rows;

/// <summary>Builds a row for <see cref="RowReader"/> to read. Checks the sizes that Azure refuses and Azurite takes.</summary>
internal sealed class RowWriter(string partitionKey, string rowKey)
{
    /// <summary>A string is stored as UTF-16, and a column takes 64 KiB.</summary>
    internal const int MaxCharacters = MaxBytes / 2;

    internal const int MaxBytes = 64 * 1024;

    private readonly TableEntity _row = new(partitionKey, rowKey);

    internal TableEntity Row => _row;

    internal RowWriter Text(string column, string? value) => Add(column, value, value?.Length <= MaxCharacters);

    internal RowWriter Number(string column, long? value) => Add(column, value, true);

    internal RowWriter Binary(string column, ReadOnlyMemory<byte> value) => Add(column, value.ToArray(), value.Length <= MaxBytes);

    internal RowWriter Moment(string column, DateTimeOffset? value) =>
        Text(column, value?.UtcDateTime.ToString(RowReader.MomentFormat, CultureInfo.InvariantCulture));

    internal RowWriter Day(string column, DateOnly? value) => Text(column, value?.ToString(RowReader.DayFormat, CultureInfo.InvariantCulture));

    /// <summary>A JSON array, stored for an empty list too: what is not restricted says so.</summary>
    internal RowWriter Texts(string column, IEnumerable<string> values)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var value in values)
                json.WriteStringValue(value);

            json.WriteEndArray();
        }

        return Text(column, Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    private RowWriter Add(string column, object? value, bool fits)
    {
        if (value is null)
            return this;
        if (!fits)
            throw new ArgumentException($"Column '{column}' of row '{_row.RowKey}' is larger than the 64 KiB that a table stores.");
        _row.Add(column, value);
        return this;
    }
}
