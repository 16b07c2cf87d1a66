namespace Proofgate.Data.Filters;

/// <summary>One row as the source gave it: a view of cells that the next row overwrites.</summary>
public readonly struct SourceRow(RowLayout layout, Cell[] cells)
{
    internal Cell this[DatasetColumn column] => cells[layout.PlaceOf(column)];
}
