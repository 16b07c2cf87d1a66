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
            var cell = reader.IsDBNull(at) ? Cell.Null : aggregate.Function switch
            {
                AggregateFunction.Count => Cell.Of(reader.GetInt64(at)),
                AggregateFunction.Min or AggregateFunction.Max => dialect.Read(reader, at, aggregate.Column!.Type),
                AggregateFunction.Sum => SumOf(dialect.ReadSum(reader, at)),
                // From the exact sum: a database's own average depends on the order of rows.
                _ => Cell.Of((double)(dialect.ReadSum(reader, at) / reader.GetInt64(at + 1))),
            };
            at += aggregate.Function == AggregateFunction.Avg ? 1 : 0;
            cells[_types.Length + i] = cell;
        }
    }

    private static Cell SumOf(decimal sum) => sum is >= long.MinValue and <= long.MaxValue
        ? Cell.Of((long)sum)
        : throw new SourceException("A sum is over 64 bits.") { Code = SourceCodes.Overflow };
}
