using System.Text.Json;
using Proofgate.Cedar;
using Proofgate.Data.Connectors;
using Proofgate.Data.Cursors;
using Proofgate.Data.Filters;
using Proofgate.Data.Planning;
using Proofgate.Data.Rows;
using Proofgate.Protection;

namespace Proofgate.Data;

/// <summary>The rows of an admitted query, one at a time, as the caller may see them. Not thread-safe; holds one row.</summary>
public sealed class QueryAnswer : IAsyncDisposable
{
    private readonly QueryPlan _plan;
    private readonly ISourceRows? _rows;
    private readonly RowShaper _shaper;
    private readonly CursorSealer _cursors;
    private readonly Cell[] _cells;
    private readonly Cell[] _last;
    private readonly int[] _orderPlaces;
    private long _examined;

    internal QueryAnswer(QueryPlan plan, ISourceRows? rows, RowShaper shaper, CursorSealer cursors)
    {
        (_plan, _rows, _shaper, _cursors) = (plan, rows, shaper, cursors);
        _cells = new Cell[plan.Fetch.Columns.Count + plan.Aggregates.Count];
        _orderPlaces = [.. plan.Order.Select(o => plan.Fetch.PlaceOf(o.Column))];
        _last = new Cell[_orderPlaces.Length];
    }

    /// <summary>Rows read that the caller may see.</summary>
    public long Rows { get; private set; }

    /// <summary>Whether the source has more than the query's limit allowed. Known at the end.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Where a further page begins; null: there is none.</summary>
    public string? Next => IsCut && !_plan.IsAggregate ? _cursors.Seal(_plan.Binding, _last) : null;

    public KindCounts Redactions => _shaper.Redactions;

    /// <summary>Reads the next row that the caller may see.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="SourceException">The source failed, or too many rows had to be decided one by one.</exception>
    public ValueTask<bool> ReadNextAsync(CancellationToken cancellationToken)
    {
        if (_rows is null)
        {
            return ValueTask.FromResult(false);
        }

        // The next row is mostly there: then nothing is awaited.
        var reading = _rows.ReadAsync(_cells, cancellationToken);
        return !_plan.IsEvaluatedHere && reading.IsCompletedSuccessfully ? ValueTask.FromResult(reading.Result && Take()) : ReadNextAsync(reading, cancellationToken);
    }

    /// <summary>Writes the row that was read last as a JSON object.</summary>
    public void WriteRow(Utf8JsonWriter writer) => _shaper.Write(writer, _cells);

    public ValueTask DisposeAsync() => _rows?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async ValueTask<bool> ReadNextAsync(ValueTask<bool> reading, CancellationToken cancellationToken)
    {
        while (await reading)
        {
            if (IsAllowed())
            {
                return Take();
            }

            reading = _rows!.ReadAsync(_cells, cancellationToken);
        }

        return false;
    }

    private bool Take()
    {
        if (Rows == _plan.Limit)
        {
            IsCut = true;
            return false;
        }

        for (var i = 0; i < _orderPlaces.Length; i++)
        {
            _last[i] = _cells[_orderPlaces[i]];
        }

        Rows++;
        return true;
    }

    /// <summary>What the source could not decide. A row whose evaluation fails is not there.</summary>
    private bool IsAllowed()
    {
        if (!_plan.IsEvaluatedHere)
        {
            return true;
        }

        if (++_examined > _plan.Dataset.Limits.MaxEvaluated)
        {
            throw new SourceException(
                $"Over {_plan.Dataset.Limits.MaxEvaluated} rows would have to be decided one by one, which is this dataset's limit. Ask for less with a condition.")
            {
                Code = SourceCodes.TooManyRows,
            };
        }

        var row = new SourceRow(_plan.Fetch, _cells);
        return _plan.Rest?.Holds(row) != false && _plan.Scope?.Allows(AttributesOf(row)) != false;
    }

    private RecordValue AttributesOf(SourceRow row)
    {
        var attributes = new List<KeyValuePair<string, Value>>();
        foreach (var column in _plan.ScopeColumns)
        {
            if (row[column].ToCedar() is { } value)
            {
                attributes.Add(new(column.Name, value));
            }
        }

        return RecordValue.From(attributes);
    }
}
