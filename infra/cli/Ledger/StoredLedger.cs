using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.AzureStores;

namespace Proofgate.Cli.Ledger;

/// <summary>Opens the audit log where it is stored, with the very code that the gateway reads it with.</summary>
internal static class StoredLedger
{
    /// <exception cref="FormatException">The connection string is none; other exceptions of parsing it are possible too.</exception>
    internal static ILedgerTable Open(LedgerPlace place) => new ForgivingLedger(Services(place).GetRequiredService<ILedgerTable>());

    /// <summary>The data keys of subjects, in the same account.</summary>
    /// <inheritdoc cref="Open"/>
    internal static ISubjectKeyStore OpenSubjectKeys(LedgerPlace place) => Services(place).GetRequiredService<ISubjectKeyStore>();

    private static ServiceProvider Services(LedgerPlace place)
    {
        var options = place switch
        {
            LedgerPlace.WithKey withKey => new StorageOptions { ConnectionString = withKey.ConnectionString },
            LedgerPlace.WithIdentity identity => new StorageOptions { TableEndpoint = identity.Endpoint },
            _ => throw new ArgumentOutOfRangeException(nameof(place)),
        };
        var services = new ServiceCollection().AddLogging();
        services.AddProofgateAzureStores(new ConfigurationBuilder().Build());
        // Only what is read counts. The gateway's own check, which wants an account for keys beside it, does not apply.
        services.AddSingleton(Options.Create(options));
        return services.BuildServiceProvider();
    }
}
