using Azure.Core;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Budgets;
using Proofgate.AzureStores.Evidence;
using Proofgate.AzureStores.Keys;
using Proofgate.AzureStores.Ledger;
using Proofgate.AzureStores.Policies;
using Proofgate.AzureStores.Proofs;
using Proofgate.AzureStores.Secrets;
using Proofgate.AzureStores.Sessions;
using Proofgate.AzureStores.Vault;
using Proofgate.Enforcement;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Denials;
using Proofgate.Identity.Usage;
using Proofgate.Policy;
using Proofgate.Policy.Signing;

namespace Proofgate.AzureStores;

/// <summary>Registers the stores on Azure Table storage.</summary>
public static class AzureStoresServices
{
    /// <summary>Ledger, API keys, subjects' data keys and signed policy bundles by <see cref="StorageOptions"/>, and the reload of Key Vault where it is a source.</summary>
    public static IServiceCollection AddProofgateAzureStores(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<StorageOptions>().Bind(configuration.GetSection(StorageOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StorageOptions>, StorageOptionsCheck>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<StorageTables>();
        // Also who we are to Azure OpenAI, where an upstream is asked with managed identity.
        services.TryAddSingleton<TokenCredential>(static s => Credentials.For(s.GetRequiredService<IOptions<StorageOptions>>().Value.ManagedIdentityClientId));
        services.TryAddSingleton<ILedgerTable>(static s => new TableLedger(s.GetRequiredService<StorageTables>().Ledger));
        services.TryAddSingleton<StorageBlobs>();
        services.TryAddSingleton<IEvidenceStore>(static s => new BlobEvidenceStore(s.GetRequiredService<StorageBlobs>().Evidence));
        services.TryAddSingleton<ISubjectKeyStore>(static s => new TableSubjectKeys(s.GetRequiredService<StorageTables>().Subjects));
        services.TryAddSingleton<IApiKeyStore>(static s =>
            new TableApiKeys(s.GetRequiredService<StorageTables>().Keys, s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IProofReplayStore>(static s => new TableProofReplays(s.GetRequiredService<StorageTables>()));
        services.TryAddSingleton<IDenyStore>(static s =>
            new TableDenyList(s.GetRequiredService<StorageTables>().Keys, s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IKeyUseStore>(static s => new TableKeyUse(s.GetRequiredService<StorageTables>().Use));
        services.TryAddSingleton<IBudgetStore>(static s => new TableBudgets(s.GetRequiredService<StorageTables>().Budgets, s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ISessionStore>(static s => new TableSessions(s.GetRequiredService<StorageTables>().Sessions, s.GetRequiredService<TimeProvider>()));
        services.AddOptions<PolicyOptions>();
        services.TryAddSingleton<StorageContainers>();
        services.TryAddSingleton<IBundleStore>(static s => new AzureBundles(
            s.GetRequiredService<StorageTables>().Policies,
            s.GetRequiredService<StorageContainers>().Policies ?? throw new InvalidOperationException("Policy is read from a folder; nobody asks for its store.")));
        AddVaultSigner(services, configuration);
        AddVaultLogKeys(services, configuration);
        services.TryAddSingleton(static s =>
        {
            var tables = s.GetRequiredService<StorageTables>();
            var policies = s.GetRequiredService<StorageContainers>().Policies;
            return new StoreInitializer(
                [
                    tables.Keys, tables.Subjects, tables.Use, tables.Budgets, tables.Sessions, tables.Ledger,
                    .. policies is null ? Array.Empty<TableClient>() : [tables.Policies],
                    .. ReplayDay.Needed(s.GetRequiredService<TimeProvider>().GetUtcNow()).Select(tables.Proofs),
                ],
                s.GetRequiredService<TimeProvider>(),
                s.GetRequiredService<ILogger<StoreInitializer>>(),
                policies is null ? [] : [policies]);
        });
        if (configuration is IConfigurationRoot root && root.Providers.OfType<KeyVaultProvider>().FirstOrDefault() is { } vault)
        {
            services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, KeyVaultReload>(s =>
                new KeyVaultReload(vault, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<KeyVaultReload>>())));
        }

        return services;
    }

    /// <summary>
    /// For the apps that own the tables of used proofs (D14): makes those of the coming days and drops those that are over 48 h old, at start
    /// and each hour; sessions of past days are deleted too. Beside <see cref="AddProofgateAzureStores"/>.
    /// </summary>
    public static IServiceCollection AddProofgateReplayTables(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ReplayTables>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SessionSweep>());
        return services;
    }

    /// <summary>Only where a vault holds the host's key; what is wrong with the setting is found when options are checked.</summary>
    private static void AddVaultSigner(IServiceCollection services, IConfiguration configuration)
    {
        if (configuration.GetSection(PolicyOptions.Section)[nameof(PolicyOptions.VaultKey)] is null)
            return;
        services.TryAddSingleton<IPolicySigner>(static s =>
        {
            var policy = s.GetRequiredService<IOptions<PolicyOptions>>().Value;
            var identity = s.GetRequiredService<IOptions<StorageOptions>>().Value.ManagedIdentityClientId;
            return new KeyVaultSigner(
                new VaultKey(policy.VaultKey!, policy.VaultKeyName!, Credentials.For(identity), s.GetRequiredService<TimeProvider>()), policy.VaultKeyName!);
        });
    }

    /// <summary>Where a vault holds the log's key, or the one that it had before. Only the writer asks for them.</summary>
    private static void AddVaultLogKeys(IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(CheckpointOptions.Section);
        if (section[nameof(CheckpointOptions.KeyId)] is not null)
            services.TryAddSingleton<ILogSigner>(static s => SignerOf(s, static o => o.KeyId));
        if (section[nameof(CheckpointOptions.FormerKeyId)] is not null)
            services.TryAddSingleton(static s => new FormerLogKey(SignerOf(s, static o => o.FormerKeyId)));
    }

    private static VaultLogSigner SignerOf(IServiceProvider services, Func<CheckpointOptions, Uri?> key)
    {
        var address = key(services.GetRequiredService<IOptions<CheckpointOptions>>().Value)!;
        var identity = services.GetRequiredService<IOptions<StorageOptions>>().Value.ManagedIdentityClientId;
        return new VaultLogSigner(new VaultKey(address, address.AbsolutePath.Split('/')[2], Credentials.For(identity), services.GetRequiredService<TimeProvider>()));
    }
}
