using System.Data.Common;
using Proofgate.Data.Planning;
using Proofgate.Data.Querying;

namespace Proofgate.Data.Connectors.Sql;

/// <summary>Rows of a statement, as the driver hands them over: none is kept.</summary>
internal sealed class SqlRows(
    DbConnection connection, DbCommand command, DbDataReader reader, SqlDialect dialect, QueryPlan plan, Func<Exception, SourceException?> understand,
    IDisposable? whileOpen) : ISourceRows
{
    private readonly ColumnType[] _types = [.. plan.Fetch.Columns.Select(static c => c.Type)];
    private bool _atEnd;

    public async ValueTask<bool> ReadAsync(Cell[] cells, CancellationToken cancellationToken)
    {
        try
        {
            if (_atEnd || !await reader.ReadAsync(cancellationToken))
            {
                _atEnd = true;
                return false;
            }

            for (var i = 0; i < _types.Length; i++)
            {
                cells[i] = reader.IsDBNull(i) ? Cell.Null : dialect.Read(reader, i, _types[i]);
            }

            ReadAggregates(cells);
            return true;
        }
        catch (Exception e) when (e is DbException or InvalidCastException or OverflowException or InvalidOperationException or TimeoutException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw understand(e) ?? new SourceException("The source failed before the rows were complete.", innerException: e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        whileOpen?.Dispose();
        if (!_atEnd)
        {
            // Else a driver reads the rest of the rows before it lets go of the connection.
            command.Cancel();
        }

        try
        {
            await reader.DisposeAsync();
        }
        catch (DbException)
        {
            // It was cancelled.
        }

        await command.DisposeAsync();
        await connection.DisposeAsync();
    }

    private void ReadAggregates(Cell[] cells)
    {
        var at = _types.Length;
        for (var i = 0; i < plan.Aggregates.Count; i++, at++)
        {
            var aggregate = plan.Aggregates[i];
            var cell = reader.IsDBNull(at) ? Cell.Null
                : aggregate.Function is AggregateFunction.Min or AggregateFunction.Max ? dialect.Read(reader, at, aggregate.Column!.Type)
                : Cell.Of(reader.GetInt64(at));
            if (aggregate.Function == AggregateFunction.Avg)
            {
                // From the exact sum: a database's own average depends on the order of rows.
                at++;
                cell = cell.IsNull ? cell : Cell.Of((double)((decimal)cell.Integer / reader.GetInt64(at)));
            }

            cells[_types.Length + i] = cell;
        }
    }
}
