using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Http.Endpoints;
using Proofgate.Http.Manage;
using Proofgate.Http.Mcp;
using Proofgate.Http.Startup;

namespace Proofgate.Http;

/// <summary>Registers the endpoints. It needs all rooms below beside it.</summary>
public static class HttpServices
{
    public static IServiceCollection AddProofgateHttp(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<InitializationOptions>().Bind(configuration.GetSection(InitializationOptions.Section));
        services.AddOptions<BodyOptions>().Bind(configuration.GetSection(BodyOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(Check<BodyOptions>(static o => o.Problems()));
        services.AddOptions<CorsOptions>().Bind(configuration.GetSection(CorsOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(Check<CorsOptions>(static o => o.Problems()));
        services.AddOptions<PublishedOptions>().Bind(configuration.GetSection(PublishedOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(Check<PublishedOptions>(static o => o.Problems()));
        services.AddOptions<McpOptions>().Bind(configuration.GetSection(McpOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(Check<McpOptions>(static o => o.Problems()));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<LoggerFilterOptions>, FrameworkLogs>());
        // The web host has one already.
        services.Replace(ServiceDescriptor.Singleton<DistributedContextPropagator, TraceParentOnly>());
        services.TryAddSingleton<Cors>();
        services.TryAddSingleton<BodyReader>();
        services.TryAddSingleton<FrontDesk>();
        services.TryAddSingleton<PublishedReads>();
        services.TryAddSingleton<UnauthenticatedRefusals>();
        services.TryAddSingleton<CallerIds>();
        services.TryAddSingleton<LineageDesk>();
        services.TryAddSingleton<InferenceEndpoint>();
        services.TryAddSingleton<AnswerWriter>();
        services.TryAddSingleton<RowsWriter>();
        services.TryAddSingleton<KeyAdministration>();
        services.TryAddSingleton<KeyProofs>();
        services.TryAddSingleton<DenyAdministration>();
        services.TryAddSingleton<ManageDesk>();
        services.TryAddSingleton<PolicyDesk>();
        services.TryAddSingleton<OriginCheck>();
        services.TryAddSingleton<McpListings>();
        services.TryAddSingleton<McpToolCalls>();
        services.TryAddSingleton<McpReadings>();
        services.TryAddSingleton<McpRunner>();
        foreach (var endpoint in Routes.All.Select(static r => r.Endpoint).Distinct())
        {
            services.TryAddSingleton(endpoint);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadinessCheck, AuditReadiness>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadinessCheck, PolicyReadiness>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadinessCheck, IdentityReadiness>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IReadinessCheck, UpstreamReadiness>());
        return services;
    }

    private static ServiceDescriptor Check<T>(Func<T, IEnumerable<string>> problems)
        where T : class => ServiceDescriptor.Singleton<IValidateOptions<T>, OptionsCheck<T>>(_ => new OptionsCheck<T>(problems));

    private sealed class OptionsCheck<T>(Func<T, IEnumerable<string>> problems) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var found = problems(options).ToList();
            return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
        }
    }
}
