using Proofgate.Data.Filters;
using Proofgate.Data.Planning;

namespace Proofgate.Data.Connectors;

/// <summary>Decides of a record, as a source without a language gave it, whether it is a row of a plan.</summary>
internal sealed class CellRows
{
    private readonly QueryPlan _plan;
    private readonly RowLayout _looked;
    private readonly Cell[] _cells;
    private readonly int[] _fetched;

    internal CellRows(QueryPlan plan)
    {
        _plan = plan;
        _looked = new RowLayout([.. plan.Guarded]);
        _cells = new Cell[_looked.Columns.Count];
        _fetched = [.. plan.Fetch.Columns.Select(_looked.PlaceOf)];
    }

    /// <summary>The columns that are looked at: what is fetched, and no more.</summary>
    internal IReadOnlyList<DatasetColumn> Columns => _looked.Columns;

    /// <summary>Reads one record. A value that is not of its column's type makes it none.</summary>
    /// <param name="read">The value of a column; null: it is not one of the column's type.</param>
    /// <param name="cells">The row.</param>
    internal bool TryTake(Func<DatasetColumn, Cell?> read, Cell[] cells)
    {
        for (var i = 0; i < _cells.Length; i++)
        {
            if (read(_looked.Columns[i]) is not { } cell || (cell.IsNull && _looked.Columns[i].IsRequired))
            {
                return false;
            }

            _cells[i] = cell;
        }

        if (!_plan.Pushed.Holds(new SourceRow(_looked, _cells)))
        {
            return false;
        }

        for (var i = 0; i < _fetched.Length; i++)
        {
            cells[i] = _cells[_fetched[i]];
        }

        return true;
    }

    internal SourceException TooMany() => new(
        $"Over {_plan.Dataset.Limits.MaxEvaluated} rows would have to be decided one by one, which is this dataset's limit. Ask for less with a condition.")
    {
        Code = SourceCodes.TooManyRows,
    };
}
