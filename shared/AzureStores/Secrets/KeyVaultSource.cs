using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Configuration;

namespace Proofgate.AzureStores.Secrets;

internal sealed class KeyVaultSource(SecretClient client, KeyVaultOptions options, TimeProvider time) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new KeyVaultProvider(client, options, time);
}
