using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Proofgate.Policy.Bundles;

namespace Proofgate.Policy;

/// <summary>Registers the policy room.</summary>
public static class PolicyServices
{
    public static IServiceCollection AddProofgatePolicy(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PolicyOptions>().Bind(configuration.GetSection(PolicyOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PolicyOptions>, PolicyOptionsCheck>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<BundleLoader>();
        services.TryAddSingleton<FolderBundles>();
        services.TryAddSingleton<IBundleSource>(static s => s.GetRequiredService<FolderBundles>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, FolderBundles>(static s => s.GetRequiredService<FolderBundles>()));
        services.TryAddSingleton<Authorizer>();
        return services;
    }

    private sealed class PolicyOptionsCheck : IValidateOptions<PolicyOptions>
    {
        public ValidateOptionsResult Validate(string? name, PolicyOptions options)
        {
            var found = options.Problems().ToList();
            return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
        }
    }
}
