using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Proofgate.Outbound;

/// <summary>Registers the outbound room.</summary>
public static class OutboundServices
{
    /// <summary>The guard by <see cref="OutboundOptions"/>. Several rooms ask for it; once is enough.</summary>
    public static IServiceCollection AddProofgateOutbound(this IServiceCollection services, IConfiguration configuration)
    {
        // Bound twice, its list would be twice as long.
        if (services.Any(static s => s.ServiceType == typeof(IValidateOptions<OutboundOptions>)))
            return services;
        services.AddOptions<OutboundOptions>().Bind(configuration.GetSection(OutboundOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OutboundOptions>, OutboundOptionsCheck>());
        services.TryAddSingleton<OutboundGuard>();
        return services;
    }
}
