using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Proofgate.Data.Connectors.Sql;
using SQLitePCL;

namespace Proofgate.Data.Connectors.Sqlite;

/// <summary>SQLite through Microsoft.Data.Sqlite: a file, opened to be read only.</summary>
internal sealed class SqliteConnector() : SqlConnector(new SqliteDialect())
{
    public override ConnectorKind Kind => ConnectorKind.Sqlite;

    protected override async Task<DbConnection> ConnectAsync(DataSourceSettings source, CancellationToken cancellationToken)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source.Address,
            Mode = SqliteOpenMode.ReadOnly,
            DefaultTimeout = 5,
        }.ToString());
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    protected override async Task<IReadOnlyList<string>> CheckDatabaseAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA encoding";
        return await command.ExecuteScalarAsync(cancellationToken) is "UTF-8" ? [] : ["is in a database whose texts are not UTF-8: their order would be another."];
    }

    /// <summary>The driver's asynchronous methods are not: an own thread waits for the first row, and a cancelled query is interrupted.</summary>
    protected override Task<DbDataReader> ExecuteAsync(DbCommand command, CancellationToken cancellationToken) =>
        Task.Run(() => command.ExecuteReader(CommandBehavior.SingleResult), cancellationToken);

    protected override IDisposable Interrupting(DbConnection connection, CancellationToken cancellationToken)
    {
        var handle = ((SqliteConnection)connection).Handle!;
        return cancellationToken.Register(() => raw.sqlite3_interrupt(handle));
    }

    protected override SourceException? Understand(Exception driversError) => driversError switch
    {
        SqliteException { SqliteErrorCode: raw.SQLITE_ERROR } e when e.Message.Contains("integer overflow", StringComparison.Ordinal) =>
            new SourceException("The sum is over 64 bits.", innerException: e) { Code = SourceCodes.Overflow },
        SqliteException { SqliteErrorCode: raw.SQLITE_ERROR } e when e.Message.Contains("no such table", StringComparison.Ordinal) =>
            new SourceException("The source has no such table.", innerException: e) { Code = SourceCodes.NoSuchTable },
        _ => null,
    };
}
