using System.Data;
using System.Data.Common;
using Proofgate.Data.Filters;
using Proofgate.Data.Planning;

namespace Proofgate.Data.Connectors.Sql;

/// <summary>What the databases have in common: one statement for a plan, parameters, rows in a stream.</summary>
internal abstract class SqlConnector(SqlDialect dialect) : IDataConnector
{
    public abstract ConnectorKind Kind { get; }

    public bool Aggregates => true;

    protected SqlDialect Dialect => dialect;

    public bool CanPush(Filter filter) => dialect.CanPush(filter);

    public bool CanOrder(IReadOnlyList<OrderTerm> order) => order.All(dialect.CanOrder);

    public async Task<IReadOnlyList<string>> CheckAsync(Dataset dataset, DataSourceSettings source, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await ConnectAsync(source, cancellationToken);
            var problems = new List<string>(await CheckDatabaseAsync(connection, cancellationToken));
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {dialect.From(dataset.Source)} WHERE 1 = 0";
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SchemaOnly, cancellationToken);
            problems.AddRange(Compare(dataset, reader));
            return problems;
        }
        catch (Exception e) when (IsDrivers(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            return Understand(e) is { Code: SourceCodes.NoSuchTable } ? ["does not exist at the source, or may not be read there."] : throw Failed(e);
        }
    }

    public async Task<ISourceRows> OpenAsync(AdmittedQuery query, DataSourceSettings source, CancellationToken cancellationToken)
    {
        var plan = query.Plan;
        DbConnection? connection = null;
        DbCommand? command = null;
        IDisposable? whileOpen = null;
        try
        {
            connection = await ConnectAsync(source, cancellationToken);
            command = CreateCommand(connection, plan);
            whileOpen = Interrupting(connection, cancellationToken);
            var reader = await ExecuteAsync(command, cancellationToken);
            return new SqlRows(connection, command, reader, dialect, plan, Understand, whileOpen);
        }
        catch (Exception e)
        {
            whileOpen?.Dispose();
            command?.Dispose();
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (IsDrivers(e))
            {
                throw Failed(e);
            }

            throw;
        }
    }

    /// <summary>An open connection that can only read.</summary>
    protected abstract Task<DbConnection> ConnectAsync(DataSourceSettings source, CancellationToken cancellationToken);

    /// <summary>What of the database itself keeps conditions from being exact.</summary>
    protected virtual Task<IReadOnlyList<string>> CheckDatabaseAsync(DbConnection connection, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>For a driver that cannot be cancelled by a token.</summary>
    protected virtual IDisposable? Interrupting(DbConnection connection, CancellationToken cancellationToken) => null;

    protected virtual Task<DbDataReader> ExecuteAsync(DbCommand command, CancellationToken cancellationToken) =>
        command.ExecuteReaderAsync(CommandBehavior.SingleResult, cancellationToken);

    /// <summary>What a driver's error means, where it means something to the caller.</summary>
    protected abstract SourceException? Understand(Exception driversError);

    internal DbCommand CreateCommand(DbConnection connection, QueryPlan plan)
    {
        var sql = dialect.Compose(plan);
        var command = connection.CreateCommand();
        command.CommandText = sql.ToString();
        command.CommandTimeout = (int)Math.Ceiling(plan.Dataset.Limits.Timeout.TotalSeconds) + 1;
        for (var i = 0; i < sql.Parameters.Count; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = SqlText.NameOf(i);
            dialect.Bind(parameter, sql.Parameters[i]);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static bool IsDrivers(Exception e) => e is DbException or InvalidOperationException or IOException or TimeoutException or ArgumentException;

    private SourceException Failed(Exception e) => Understand(e) ?? new SourceException("The source could not be asked.", innerException: e);

    private IEnumerable<string> Compare(Dataset dataset, DbDataReader reader)
    {
        var live = Enumerable.Range(0, reader.FieldCount).ToDictionary(reader.GetName, reader.GetDataTypeName, StringComparer.Ordinal);
        foreach (var column in dataset.Columns.Values)
        {
            if (!live.Remove(column.SourceName, out var type))
            {
                yield return $"has no column '{column.SourceName}'.";
            }
            else if (dialect.Misfit(type, column.Type) is { } misfit)
            {
                yield return $"has '{column.SourceName}' of the type {type}, {misfit}";
            }
        }

        foreach (var unlabelled in live.Keys)
        {
            yield return $"has the column '{unlabelled}', to which the catalogue gives no label.";
        }
    }
}
