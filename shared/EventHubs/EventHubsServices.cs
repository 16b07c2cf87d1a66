using Azure.Core;
using Azure.Identity;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Producer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Proofgate.Audit;

namespace Proofgate.EventHubs;

/// <summary>Registers the hub as the audit stream's transport.</summary>
public static class EventHubsServices
{
    public static IServiceCollection AddProofgateEventHubs(this IServiceCollection services, IConfiguration configuration)
    {
        var hub = configuration[$"{AuditOptions.Section}:{nameof(AuditOptions.Hub)}"] ?? new AuditOptions().Hub;
        services.AddOptions<EventHubsOptions>()
            .Bind(configuration.GetSection(EventHubsOptions.Section))
            .Configure(o => o.ReadConnection(configuration.GetSection(EventHubsOptions.ConnectionSection)))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EventHubsOptions>, Check>());
        services.TryAddSingleton(s => Connect(s.GetRequiredService<IOptions<EventHubsOptions>>().Value, hub));
        services.TryAddSingleton(static s => new EventHubProducerClient(
            s.GetRequiredService<EventHubConnection>(),
            new EventHubProducerClientOptions { RetryOptions = new EventHubsRetryOptions { MaximumRetries = 0 } }));
        services.TryAddSingleton<IAuditTransport, EventHubTransport>();
        return services;
    }

    private static EventHubConnection Connect(EventHubsOptions options, string hub) =>
        (options.ConnectionString, options.Connection.FullyQualifiedNamespace) switch
        {
            ({ } text, null) => new EventHubConnection(text, hub),
            (null, { } name) => new EventHubConnection(name, hub, CredentialFor(options.Connection.ClientId)),
            _ => throw new InvalidOperationException("The options were not validated."),
        };

    private static TokenCredential CredentialFor(string? clientId) => clientId is null
        ? new DefaultAzureCredential()
        : new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId));

    private sealed class Check : IValidateOptions<EventHubsOptions>
    {
        public ValidateOptionsResult Validate(string? name, EventHubsOptions options)
        {
            var found = options.Problems().ToList();
            return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
        }
    }
}
