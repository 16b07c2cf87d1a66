using Proofgate.Cedar;

namespace Proofgate.Data.Tests.Support;

/// <summary>A row as a test puts it into a source: values of the column's type, nothing, or what the column must not hold.</summary>
internal sealed record RawRow(IReadOnlyDictionary<string, Cell> Cells, IReadOnlySet<string> Poisoned)
{
    internal long Id => Cells["id"].Integer;

    internal RecordValue AttributesOf(Dataset dataset) => RecordValue.From(dataset.Attributes
        .Select(a => (a.Name, Value: Cells[a.Name].ToCedar()))
        .Where(static a => a.Value is not null)
        .Select(static a => KeyValuePair.Create(a.Name, a.Value!)));

    /// <summary>Whether it exists for a query that looks at these columns.</summary>
    internal bool ExistsFor(IEnumerable<DatasetColumn> columns) => columns.All(c => !Poisoned.Contains(c.Name) && !(c.IsRequired && Cells[c.Name].IsNull));
}
