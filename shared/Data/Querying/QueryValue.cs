using System.Text.Json;
using Proofgate.Cedar;

namespace Proofgate.Data.Querying;

/// <summary>Reads values of JSON as a column's: no text is a number, no number a text.</summary>
internal static class QueryValue
{
    /// <summary>Null: it is no value of this type.</summary>
    internal static Cell? Read(JsonElement value, ColumnType type)
    {
        switch (type)
        {
            case ColumnType.String or ColumnType.Text when value.ValueKind == JsonValueKind.String:
                return Cell.Of(value.GetString()!);
            case ColumnType.Integer when value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var integer):
                return Cell.Of(integer);
            case ColumnType.Number when value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number):
                return Cell.Of(number);
            case ColumnType.Boolean when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                return Cell.Of(value.GetBoolean());
            case ColumnType.Datetime when value.ValueKind == JsonValueKind.String && Moment(value.GetString()!) is { } moment:
                return Cell.Datetime(moment);
            default:
                return null;
        }
    }

    private static long? Moment(string text) =>
        text.Contains('T', StringComparison.Ordinal) && DatetimeValue.TryParse(text, out var parsed) ? parsed.Milliseconds : null;
}
