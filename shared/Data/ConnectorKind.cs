namespace Proofgate.Data;

/// <summary>How a source is spoken to.</summary>
public enum ConnectorKind
{
    Sqlite,
    PostgreSql,
    SqlServer,
    AzureTable,
    HttpJson,
}
