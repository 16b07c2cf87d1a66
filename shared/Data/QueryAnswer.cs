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

    /// <summary>Rows written.</summary>
    public long Rows { get; private set; }

    /// <summary>Whether the source has more than the query's limit allowed. Known at the end.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Where a further page begins; null: there is none.</summary>
    public string? Next => IsCut && !_plan.IsAggregate ? _cursors.Seal(_plan.Binding, _last) : null;

    public KindCounts Redactions => _shaper.Redactions;

    /// <summary>Writes the next row as a JSON object.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="SourceException">The source failed, or too many rows had to be decided one by one.</exception>
    public ValueTask<bool> WriteNextAsync(Utf8JsonWriter writer, CancellationToken cancellationToken)
    {
        if (_rows is null)
        {
            return ValueTask.FromResult(false);
        }

        // The next row is mostly there: then nothing is awaited.
        var reading = _rows.ReadAsync(_cells, cancellationToken);
        return !_plan.IsEvaluatedHere && reading.IsCompletedSuccessfully ? ValueTask.FromResult(reading.Result && Take(writer)) : WriteNextAsync(reading, writer, cancellationToken);
    }

    public ValueTask DisposeAsync() => _rows?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async ValueTask<bool> WriteNextAsync(ValueTask<bool> reading, Utf8JsonWriter writer, CancellationToken cancellationToken)
    {
        while (await reading)
        {
            if (IsAllowed())
            {
                return Take(writer);
            }

            reading = _rows!.ReadAsync(_cells, cancellationToken);
        }

        return false;
    }

    private bool Take(Utf8JsonWriter writer)
    {
        if (Rows == _plan.Limit)
        {
            IsCut = true;
            return false;
        }

        _shaper.Write(writer, _cells);
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
