namespace Proofgate.AzureStores;

/// <summary>One storage account: by connection string in the local run, by endpoint and identity in a deployment.</summary>
public class AccountOptions
{
    /// <summary>With an account key in it, so for Azurite only: a deployment has keys switched off.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>For example <c>https://account.table.core.windows.net</c>.</summary>
    public Uri? TableEndpoint { get; set; }

    /// <summary>Default: <see cref="TableEndpoint"/> with <c>.blob.</c> in place of <c>.table.</c>.</summary>
    public Uri? BlobEndpoint { get; set; }

    /// <summary>Client id of the user-assigned identity; without it the developer's sign-in or the system-assigned identity is used.</summary>
    public string? ManagedIdentityClientId { get; set; }

    internal bool IsEmpty => ConnectionString is null && TableEndpoint is null && BlobEndpoint is null && ManagedIdentityClientId is null;
}
