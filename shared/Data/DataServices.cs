using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Proofgate.Policy;

namespace Proofgate.Data;

/// <summary>Registers the data room.</summary>
public static class DataServices
{
    public static IServiceCollection AddProofgateData(this IServiceCollection services)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IBundleSection, DatasetCatalogSection>());
        return services;
    }
}
