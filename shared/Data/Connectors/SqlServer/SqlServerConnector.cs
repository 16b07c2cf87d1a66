using System.Data.Common;
using Azure.Core;
using Azure.Identity;
using Microsoft.Data.SqlClient;
using Proofgate.Data.Connectors.Sql;

namespace Proofgate.Data.Connectors.SqlServer;

/// <summary>SQL Server and Azure SQL through Microsoft.Data.SqlClient: encrypted, and with read-only intent. That it can only read is for the login's rights to say.</summary>
internal sealed class SqlServerConnector() : SqlConnector(new SqlServerDialect())
{
    private static readonly string[] Scopes = ["https://database.windows.net/.default"];

    private readonly Lazy<DefaultAzureCredential> _credential = new(static () => new DefaultAzureCredential());

    public override ConnectorKind Kind => ConnectorKind.SqlServer;

    protected override async Task<DbConnection> ConnectAsync(DataSourceSettings source, CancellationToken cancellationToken)
    {
        var connection = new SqlConnection(AddressOf(source));
        if (source.ManagedIdentity)
        {
            connection.AccessTokenCallback = async (_, cancelled) =>
            {
                var token = await _credential.Value.GetTokenAsync(new TokenRequestContext(Scopes), cancelled);
                return new SqlAuthenticationToken(token.Token, token.ExpiresOn);
            };
        }

        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    internal static string AddressOf(DataSourceSettings source)
    {
        var address = new SqlConnectionStringBuilder(source.Address) { ApplicationIntent = ApplicationIntent.ReadOnly, ApplicationName = "proofgate", MultipleActiveResultSets = false };
        if (!address.DataSource.Contains("127.0.0.1", StringComparison.Ordinal))
        {
            (address.Encrypt, address.TrustServerCertificate) = (SqlConnectionEncryptOption.Mandatory, false);
        }

        if (source.Secret is { } secret)
        {
            address.Password = secret;
        }

        return address.ToString();
    }

    protected override SourceException? Understand(Exception driversError) => driversError switch
    {
        // Invalid object name; no permission to select.
        SqlException { Number: 208 or 229 } e => new SourceException("The source has no such table.", innerException: e) { Code = SourceCodes.NoSuchTable },
        SqlException { Number: -2 } e => new SourceException("The source did not answer in time.", timedOut: true, e),
        _ => null,
    };
}
