using System.Globalization;
using System.Text.Json;
using Proofgate.Audit.Sealing;
using Proofgate.Protection;

namespace Proofgate.Data.Rows;

/// <summary>Writes rows as the caller may see them: values of a kind as <c>reveal</c> says, prose with what detectors find in it redacted.</summary>
internal sealed class RowShaper
{
    private readonly RedactionPlan _redaction;
    private readonly Field[] _fields;

    internal RowShaper(AdmittedQuery query, DataSecrets secrets)
    {
        _redaction = query.Call.Redaction;
        var plan = query.Plan;
        var columns = plan.IsAggregate ? plan.GroupBy : [.. plan.Fetch.Columns.Take(plan.Shown)];
        _fields =
        [
            .. columns.Select(c => new Field(JsonEncodedText.Encode(c.Name), KindOf(c), c.Type == ColumnType.Text, KeyOf(query, c, secrets))),
            .. plan.Aggregates.Select(static a => new Field(JsonEncodedText.Encode(a.Name), null, false, null)),
        ];
    }

    internal KindCounts Redactions { get; } = new();

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

    private void Write(Utf8JsonWriter writer, in Field field, Cell cell)
    {
        if (cell.IsNull)
        {
            writer.WriteNullValue();
        }
        else if (field.Kind is { } kind)
        {
            Redactions.Add(kind);
            writer.WriteStringValue(_redaction.ReplaceWhole(kind, TextOf(cell), field.Key));
        }
        else if (field.IsProse)
        {
            writer.WriteStringValue(Redactor.RedactWhole(_redaction, cell.Text, TextEnd.Finished, Redactions));
        }
        else
        {
            WritePlain(writer, cell);
        }
    }

    private static void WritePlain(Utf8JsonWriter writer, Cell cell)
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

    private static string TextOf(Cell cell) => cell.Kind switch
    {
        CellKind.Text => cell.Text,
        CellKind.Number => cell.Number.ToString("R", CultureInfo.InvariantCulture),
        CellKind.Datetime => cell.DatetimeText(),
        _ => cell.Integer.ToString(CultureInfo.InvariantCulture),
    };

    private Kind? KindOf(DatasetColumn column) => column.Kind is { } kind && !_redaction.Revealed.Contains(kind) ? kind : null;

    /// <summary>Of the column: the same value has the same name in all calls of the tenant, and means nothing in another column.</summary>
    private static PseudonymKey? KeyOf(AdmittedQuery query, DatasetColumn column, DataSecrets secrets) =>
        column.Kind is null ? null : PseudonymKey.ForColumn(secrets.Pseudonyms(), query.Call.Call.Caller.Tenant, query.Dataset.Name, column.Name);

    private readonly record struct Field(JsonEncodedText Name, Kind? Kind, bool IsProse, PseudonymKey? Key);
}
