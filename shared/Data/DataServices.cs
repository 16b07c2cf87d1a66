using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Sealing;
using Proofgate.Data.Catalog;
using Proofgate.Data.Connectors;
using Proofgate.Data.Connectors.AzureTable;
using Proofgate.Data.Connectors.HttpJson;
using Proofgate.Data.Connectors.PostgreSql;
using Proofgate.Data.Connectors.Sqlite;
using Proofgate.Data.Connectors.SqlServer;
using Proofgate.Data.Cursors;
using Proofgate.Data.Grounds;
using Proofgate.Data.Planning;
using Proofgate.Data.Tools;
using Proofgate.Enforcement;
using Proofgate.Enforcement.Tools;
using Proofgate.Outbound;
using Proofgate.Policy;

namespace Proofgate.Data;

/// <summary>Registers the data room. It needs audit, policy and enforcement beside it.</summary>
public static class DataServices
{
    public static IServiceCollection AddProofgateData(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddProofgateCatalog();
        services.AddProofgateOutbound(configuration);
        services.AddOptions<DataSourcesOptions>().Bind(configuration.GetSection(DataSourcesOptions.Section)).Configure(o => o.TakeSecrets(configuration)).ValidateOnStart();
        services.AddOptions<DataOptions>().Bind(configuration.GetSection(DataOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DataOptions>, OptionsCheck>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDataConnector, SqliteConnector>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDataConnector, PostgreSqlConnector>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDataConnector, SqlServerConnector>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDataConnector, AzureTableConnector>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDataConnector, HttpJsonConnector>());
        services.TryAddSingleton<ConnectorSet>();
        services.TryAddSingleton<CursorSealer>();
        services.TryAddSingleton(static s => new QueryPlanner(s.GetRequiredService<ConnectorSet>(), s.GetRequiredService<CursorSealer>()));
        services.TryAddSingleton(static s => new QueryRunner(
            s.GetRequiredService<ConnectorSet>(), s.GetRequiredService<CursorSealer>(), s.GetRequiredService<DataSecrets>(),
            s.GetRequiredService<IOptionsMonitor<DataSourcesOptions>>()));
        services.TryAddSingleton(static s => new SourceChecks(
            s.GetRequiredService<ConnectorSet>(), s.GetRequiredService<IOptionsMonitor<DataSourcesOptions>>(), s.GetRequiredService<IOptions<DataOptions>>(),
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<SourceChecks>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IToolSource, DatasetTools>());
        services.TryAddSingleton<IGroundingSource>(static s => new DatasetGrounding(
            s.GetRequiredService<Pipeline>, s.GetRequiredService<QueryPlanner>(), s.GetRequiredService<QueryRunner>(), s.GetRequiredService<SourceChecks>(),
            s.GetRequiredService<IOptions<DataOptions>>(), s.GetRequiredService<TimeProvider>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IBundleProbe, SourceChecks>(static s => s.GetRequiredService<SourceChecks>()));
        return services;
    }

    /// <summary>What is needed to read a bundle and no source: for whoever checks one.</summary>
    public static IServiceCollection AddProofgateCatalog(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IBundleSection, DatasetCatalogSection>());
        return services;
    }

    private sealed class OptionsCheck : IValidateOptions<DataOptions>
    {
        public ValidateOptionsResult Validate(string? name, DataOptions options)
        {
            var found = options.Problems().ToList();
            return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
        }
    }
}
