using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Secrets;

namespace Proofgate.AzureStores;

/// <summary>Key Vault as a source of configuration.</summary>
public static class KeyVaultConfiguration
{
    /// <summary>
    /// Adds the secrets named under <see cref="KeyVaultOptions.Section"/>; nothing if that section is absent. Call it after the sources that
    /// hold that section: a secret from the vault goes before one of the same name in them.
    /// </summary>
    /// <exception cref="OptionsValidationException">The section is wrong.</exception>
    /// <exception cref="StoreUnavailableException">A secret could not be read when the source was loaded.</exception>
    public static IConfigurationBuilder AddProofgateKeyVault(this IConfigurationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (ReadOptions(builder) is not { } options)
            return builder;
        var problems = options.Problems().ToList();
        if (problems.Count > 0)
            throw new OptionsValidationException(nameof(KeyVaultOptions), typeof(KeyVaultOptions), problems);
        var client = new SecretClient(
            options.Uri, Credentials.For(options.ManagedIdentityClientId), ClientSettings.Apply(new SecretClientOptions()));
        return builder.Add(new KeyVaultSource(client, options, TimeProvider.System));
    }

    private static KeyVaultOptions? ReadOptions(IConfigurationBuilder builder)
    {
        if (builder is IConfiguration live)
            return Read(live);
        var built = builder.Build();
        try
        {
            return Read(built);
        }
        finally
        {
            (built as IDisposable)?.Dispose();
        }

        static KeyVaultOptions? Read(IConfiguration configuration)
        {
            var section = configuration.GetSection(KeyVaultOptions.Section);
            if (!section.Exists())
                return null;
            var options = new KeyVaultOptions();
            section.Bind(options);
            return options;
        }
    }
}
