using System.Buffers;
using System.Text.Json;
using Proofgate.Data.Querying;
using Proofgate.Policy;

namespace Proofgate.Data;

/// <summary>Tells a caller what a dataset has for him: the columns that he may read, and how much one query may ask for.</summary>
public static class DatasetDescription
{
    public static void Write(IBufferWriter<byte> output, PolicyBundle bundle, Dataset dataset, IReadOnlyList<ColumnView> columns)
    {
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteString("name"u8, dataset.Name);
        writer.WriteString("label"u8, bundle.Labels.NameOf(dataset.Label));
        writer.WriteNumber("maxRows"u8, dataset.Limits.MaxRows);
        writer.WriteNumber("defaultRows"u8, Math.Min(QueryLimits.DefaultRows, dataset.Limits.MaxRows));
        writer.WriteNumber("minGroup"u8, dataset.Limits.MinGroup);
        writer.WriteStartArray("columns"u8);
        foreach (var (column, isComparable) in columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, column.Name);
            writer.WriteString("type"u8, column.Type.ToString().ToLowerInvariant());
            writer.WriteString("label"u8, bundle.Labels.NameOf(column.Label));
            if (column.Kind is { } kind)
            {
                writer.WriteString("kind"u8, kind.Name);
            }

            writer.WriteBoolean("required"u8, column.IsRequired);
            writer.WriteBoolean("comparable"u8, isComparable);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
