using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Proofgate.Enforcement;
using Proofgate.Enforcement.Tools;
using Proofgate.Inference.Dialects.Anthropic;
using Proofgate.Inference.Dialects.Embeddings;
using Proofgate.Inference.Dialects.OpenAi;
using Proofgate.Inference.Dialects.Responses;
using Proofgate.Inference.Models;
using Proofgate.Inference.Recognisers;
using Proofgate.Inference.Relay;
using Proofgate.Inference.Routing;
using Proofgate.Inference.ToolServers;
using Proofgate.Inference.Tools;
using Proofgate.Inference.Upstreams;
using Proofgate.Outbound;
using Proofgate.Policy;

namespace Proofgate.Inference;

/// <summary>Registers the inference room.</summary>
public static class InferenceServices
{
    public static IServiceCollection AddProofgateInference(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<InferenceOptions>().Bind(configuration.GetSection(InferenceOptions.Section)).ValidateOnStart();
        services.AddProofgateOutbound(configuration);
        services.AddOptions<UpstreamsOptions>().Bind(configuration.GetSection(UpstreamsOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<InferenceOptions>>(new Check<InferenceOptions>(static o => o.Problems())));
        services.AddOptions<RoutingOptions>().Bind(configuration.GetSection(RoutingOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RoutingOptions>>(new Check<RoutingOptions>(static o => o.Problems())));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IBundleSection, ModelCatalogSection>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IBundleSection, ClientToolSection>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IBundleSection, RecogniserSection>());
        services.AddOptions<RecogniserOptions>().Bind(configuration.GetSection(RecogniserOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RecogniserOptions>>(new Check<RecogniserOptions>(static o => o.Problems())));
        services.TryAddSingleton<IRecogniser, PresidioRecogniser>();
        services.AddOptions<ToolOptions>().Bind(configuration.GetSection(ToolOptions.Section)).ValidateOnStart();
        services.AddOptions<ToolServersOptions>().Bind(configuration.GetSection(ToolServersOptions.Section)).Configure(o => o.TakeSecrets(configuration)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ToolOptions>>(new Check<ToolOptions>(static o => o.Problems())));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IBundleSection, ToolServerSection>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IToolSource, ToolServerSource>());
        services.TryAddSingleton<ToolServerClient>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static s => new UpstreamTokens(
            s.GetRequiredService<TimeProvider>(),
            // Made when a token is needed: where none ever is, nobody looks for an identity.
            s.GetService<IServiceProviderIsService>()?.IsService(typeof(TokenCredential)) == true ? new Lazy<TokenCredential>(s.GetRequiredService<TokenCredential>) : null));
        services.TryAddSingleton(s => new UpstreamSecrets(s.GetRequiredService<IOptionsMonitor<UpstreamsOptions>>(), configuration, s.GetRequiredService<UpstreamTokens>()));
        services.TryAddSingleton<TargetBreakers>();
        services.TryAddSingleton<TargetRouter>();
        services.TryAddSingleton<IUpstream, HttpUpstream>();
        services.TryAddSingleton<StreamRelay>();
        services.TryAddSingleton<PlainRelay>();
        services.TryAddSingleton<OpenAiChat>();
        services.TryAddSingleton<OpenAiEmbeddings>();
        services.TryAddSingleton<OpenAiResponses>();
        services.TryAddSingleton<AnthropicMessages>();
        services.TryAddSingleton<AnthropicTokenCount>();
        return services;
    }

    private sealed class Check<T>(Func<T, IEnumerable<string>> problems) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var found = problems(options).ToList();
            return found.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(found);
        }
    }
}
