using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Proofgate.Policy.Bundles;
using Proofgate.Policy.Signing;

namespace Proofgate.Policy;

/// <summary>Registers the policy room.</summary>
public static class PolicyServices
{
    public static IServiceCollection AddProofgatePolicy(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<PolicyOptions>()
            .Bind(configuration.GetSection(PolicyOptions.Section))
            .Configure(o => o.SigningKey = configuration[PolicyOptions.SigningKeyKey])
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PolicyOptions>, PolicyOptionsCheck>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<BundleLoader>();
        services.TryAddSingleton<ActivationVerifier>();
        services.TryAddSingleton(static s => new PolicyAdministration(
            s.GetRequiredService<BundleLoader>(), s.GetRequiredService<IBundleSource>(), s.GetRequiredService<ActivationVerifier>(),
            s.GetRequiredService<IOptions<PolicyOptions>>(), s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<IOptions<PolicyOptions>>().Value.Store is null ? null : s.GetService<IBundleStore>(), s.GetService<IPolicySigner>()));
        if (PolicySigningKey.TryParse(configuration[PolicyOptions.SigningKeyKey], out var signer))
        {
            services.TryAddSingleton<IPolicySigner>(signer);
        }

        if (configuration.GetSection(PolicyOptions.Section)[nameof(PolicyOptions.Store)] is null)
        {
            Serve<FolderBundles>(services);
        }
        else
        {
            Serve<StoredBundles>(services);
        }

        services.TryAddSingleton<Authorizer>();
        return services;
    }

    private static void Serve<T>(IServiceCollection services)
        where T : class, IBundleSource, IHostedService
    {
        services.TryAddSingleton<T>();
        services.TryAddSingleton<IBundleSource>(static s => s.GetRequiredService<T>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, T>(static s => s.GetRequiredService<T>()));
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
