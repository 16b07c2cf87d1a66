using Azure.Core;
using Azure.Identity;

namespace Proofgate.AzureStores.Accounts;

/// <summary>Who we are to Azure.</summary>
internal static class Credentials
{
    /// <param name="managedIdentityClientId">Null: the developer's sign-in, or the machine's own identity.</param>
    internal static TokenCredential For(string? managedIdentityClientId) => managedIdentityClientId is { } id
        ? new ManagedIdentityCredential(ClientSettings.Apply(new ManagedIdentityCredentialOptions(ManagedIdentityId.FromUserAssignedClientId(id))))
        : new DefaultAzureCredential(ClientSettings.Apply(new DefaultAzureCredentialOptions()));
}
