namespace Proofgate.Data.Filters;

/// <summary>Which column stands where in the rows of one query.</summary>
public sealed class RowLayout
{
    private readonly Dictionary<string, int> _places;

    public RowLayout(IReadOnlyList<DatasetColumn> columns)
    {
        Columns = columns;
        _places = columns.Select(static (c, i) => (c.Name, i)).ToDictionary(static c => c.Name, static c => c.i, StringComparer.Ordinal);
    }

    public IReadOnlyList<DatasetColumn> Columns { get; }

    internal int PlaceOf(DatasetColumn column) => _places[column.Name];
}
