using System.Globalization;
using System.Text.Json;
using Proofgate.Audit.Sealing;
using Proofgate.Data.Planning;
using Proofgate.Data.Querying;
using Proofgate.Protection;

namespace Proofgate.Data.Rows;

/// <summary>Writes rows as JSON. What becomes of values that have a kind, and of prose, depends on who reads them.</summary>
internal abstract class RowShaper
{
    private readonly Field[] _fields;

    protected RowShaper(AdmittedQuery query, DataSecrets secrets)
    {
        Redaction = query.Call.Redaction;
        var plan = query.Plan;
        var columns = plan.IsAggregate ? plan.GroupBy : [.. plan.Fetch.Columns.Take(plan.Shown)];
        _fields =
        [
            .. columns.Select(c => new Field(JsonEncodedText.Encode(c.Name), c.Kind, c.Type == ColumnType.Text, KeyOf(query, c, secrets))),
            .. plan.Aggregates.Select(static a => new Field(JsonEncodedText.Encode(a.Name), KindOf(a), false, null)),
        ];
    }

    internal KindCounts Redactions { get; } = new();

    /// <summary>What the caller may see.</summary>
    protected RedactionPlan Redaction { get; }

    internal void Write(Utf8JsonWriter writer, ReadOnlySpan<Cell> cells)
    {
        writer.WriteStartObject();
        for (var i = 0; i < _fields.Length; i++)
        {
            ref readonly var field = ref _fields[i];
            writer.WritePropertyName(field.Name);
            Write(writer, field, cells[i]);
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes a value of a column that has a kind.</summary>
    protected abstract void WriteKind(Utf8JsonWriter writer, Kind kind, Cell cell, PseudonymKey? key);

    protected abstract void WriteProse(Utf8JsonWriter writer, string text);

    protected static void WritePlain(Utf8JsonWriter writer, Cell cell)
    {
        switch (cell.Kind)
        {
            case CellKind.Text:
                writer.WriteStringValue(cell.Text);
                break;
            case CellKind.Integer:
                writer.WriteNumberValue(cell.Integer);
                break;
            case CellKind.Number:
                writer.WriteNumberValue(cell.Number);
                break;
            case CellKind.Boolean:
                writer.WriteBooleanValue(cell.Boolean);
                break;
            default:
                writer.WriteStringValue(cell.DatetimeText());
                break;
        }
    }

    protected static string TextOf(Cell cell) => cell.Kind switch
    {
        CellKind.Text => cell.Text,
        CellKind.Number => cell.Number.ToString("R", CultureInfo.InvariantCulture),
        CellKind.Datetime => cell.DatetimeText(),
        _ => cell.Integer.ToString(CultureInfo.InvariantCulture),
    };

    private void Write(Utf8JsonWriter writer, in Field field, Cell cell)
    {
        if (cell.IsNull)
        {
            writer.WriteNullValue();
        }
        else if (field.Kind is { } kind)
        {
            WriteKind(writer, kind, cell, field.Key);
        }
        else if (field.IsProse)
        {
            WriteProse(writer, cell.Text);
        }
        else
        {
            WritePlain(writer, cell);
        }
    }

    /// <summary>The least and the greatest of values are one of them.</summary>
    private static Kind? KindOf(Aggregate aggregate) => aggregate.Function is AggregateFunction.Min or AggregateFunction.Max ? aggregate.Column!.Kind : null;

    /// <summary>Of the column: the same value has the same name in all calls of the tenant, and means nothing in another column.</summary>
    private static PseudonymKey? KeyOf(AdmittedQuery query, DatasetColumn column, DataSecrets secrets) =>
        column.Kind is null ? null : PseudonymKey.ForColumn(secrets.Pseudonyms(), query.Call.Call.Caller.Tenant, query.Dataset.Name, column.Name);

    private readonly record struct Field(JsonEncodedText Name, Kind? Kind, bool IsProse, PseudonymKey? Key);
}
