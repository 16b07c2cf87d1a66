namespace Proofgate.Data;

/// <summary>Settings of one source: where it is and with which credential. A bundle only names it.</summary>
public sealed class DataSourceSettings
{
    /// <summary>
    /// SQLite: the path of the file. PostgreSQL and SQL Server: a connection string without a password. Azure Table storage: the endpoint. HTTP: the base
    /// address.
    /// </summary>
    public string? Address { get; set; }

    /// <summary>PostgreSQL and SQL Server: the password. Azure Table storage: a connection string, instead of an address. HTTP: a bearer token.</summary>
    public string? Secret { get; set; }

    /// <summary>Whether the app's managed identity is the credential (PostgreSQL, SQL Server, Azure Table storage). Default: no.</summary>
    public bool ManagedIdentity { get; set; }

    internal bool IsSet => Address is not null || Secret is not null;
}
