using System.Collections.Concurrent;
using System.Data.Common;
using System.Net;
using Azure.Core;
using Azure.Identity;
using Npgsql;
using Proofgate.Data.Connectors.Sql;

namespace Proofgate.Data.Connectors.PostgreSql;

/// <summary>PostgreSQL through Npgsql: transactions that can only read, and TLS with a verified name to whatever is not this machine.</summary>
internal sealed class PostgreSqlConnector() : SqlConnector(new PostgreSqlDialect()), IDisposable
{
    private const string Scope = "https://ossrdbms-aad.database.windows.net/.default";

    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(45);

    private readonly ConcurrentDictionary<(string? Address, string? Secret, bool Managed), NpgsqlDataSource> _sources = new();

    public override ConnectorKind Kind => ConnectorKind.PostgreSql;

    public void Dispose()
    {
        foreach (var source in _sources.Values)
        {
            source.Dispose();
        }
    }

    protected override async Task<DbConnection> ConnectAsync(DataSourceSettings source, CancellationToken cancellationToken) =>
        await _sources.GetOrAdd((source.Address, source.Secret, source.ManagedIdentity), static (_, s) => Build(s), source).OpenConnectionAsync(cancellationToken);

    protected override Task<IReadOnlyList<string>> CheckDatabaseAsync(DbConnection connection, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(
        ((NpgsqlConnection)connection).PostgresParameters.GetValueOrDefault("server_encoding") == "UTF8"
            ? [] : ["is in a database whose texts are not UTF-8: their order would be another."]);

    protected override SourceException? Understand(Exception driversError) => driversError switch
    {
        PostgresException { SqlState: PostgresErrorCodes.NumericValueOutOfRange } e => new SourceException("The sum is over 64 bits.", innerException: e) { Code = SourceCodes.Overflow },
        PostgresException { SqlState: PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.InsufficientPrivilege } e =>
            new SourceException("The source has no such table.", innerException: e) { Code = SourceCodes.NoSuchTable },
        NpgsqlException { InnerException: TimeoutException } e => new SourceException("The source did not answer in time.", timedOut: true, e),
        _ => null,
    };

    private static NpgsqlDataSource Build(DataSourceSettings source)
    {
        var address = new NpgsqlConnectionStringBuilder(source.Address) { Options = "-c default_transaction_read_only=on", ApplicationName = "proofgate" };
        if (!IsThisMachine(address.Host))
        {
            address.SslMode = SslMode.VerifyFull;
        }

        address.Password = source.Secret ?? address.Password;
        var builder = new NpgsqlDataSourceBuilder(address.ToString());
        if (source.ManagedIdentity)
        {
            var credential = new DefaultAzureCredential();
            builder.UsePeriodicPasswordProvider(
                async (_, cancellationToken) => (await credential.GetTokenAsync(new TokenRequestContext([Scope]), cancellationToken)).Token, TokenLife, TimeSpan.FromSeconds(5));
        }

        return builder.Build();
    }

    private static bool IsThisMachine(string? host) =>
        host is null or "localhost" || host.StartsWith('/') || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
