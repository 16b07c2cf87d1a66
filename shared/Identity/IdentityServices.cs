using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Certificates;
using Proofgate.Identity.Credentials;
using Proofgate.Identity.Denials;
using Proofgate.Identity.Proofs;
using Proofgate.Identity.Revocation;
using Proofgate.Identity.Tokens;
using Proofgate.Identity.Usage;

namespace Proofgate.Identity;

/// <summary>Registers the identity room. The host adds an <see cref="IApiKeyStore"/>, an <see cref="IDenyStore"/> and an <see cref="IKeyUseStore"/>.</summary>
public static class IdentityServices
{
    public static IServiceCollection AddProofgateIdentity(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<IdentityOptions>().Bind(configuration.GetSection(IdentityOptions.Section)).ValidateOnStart();
        services.AddOptions<ClientAddressOptions>().Bind(configuration.GetSection(ClientAddressOptions.Section)).ValidateOnStart();
        services.AddOptions<PublicOriginsOptions>().Bind(configuration.GetSection(PublicOriginsOptions.Section)).ValidateOnStart();
        services.AddOptions<ApiKeyPepperOptions>().Bind(configuration.GetSection(ApiKeyPepperOptions.Section)).ValidateOnStart();
        services.AddOptions<IssuersOptions>().Configure(o => o.Bind(configuration)).ValidateOnStart();
        services.TryAddEnumerable(Check<IssuersOptions>(static o => o.Problems()));
        services.TryAddEnumerable(Check<IdentityOptions>(static o => o.Problems()));
        services.TryAddEnumerable(Check<ClientAddressOptions>(static o => o.Problems()));
        services.TryAddEnumerable(Check<PublicOriginsOptions>(static o => o.Problems()));
        services.TryAddEnumerable(Check<ApiKeyPepperOptions>(static o => o.Problems()));
        services.AddOptions<ProofOptions>().Bind(configuration.GetSection(ProofOptions.Section))
            .Configure(o => o.NonceSecret = configuration[ProofOptions.NonceSecretKey]).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ProofOptions>, ProofOptionsCheck>(s =>
            new ProofOptionsCheck(s.GetRequiredService<IServiceProviderIsService>(), configuration)));

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ClientAddress>();
        services.TryAddSingleton<PublicOrigins>();
        services.TryAddSingleton<Challenges>();
        services.TryAddSingleton(static s => new ResourceMetadata(
            s.GetRequiredService<PublicOrigins>(), s.GetRequiredService<IOptions<IdentityOptions>>(), s.GetRequiredService<IOptions<IssuersOptions>>()));
        services.TryAddSingleton<AddressLimiter>();
        services.TryAddSingleton<IKeyedDigest, HmacDigest>();
        services.TryAddSingleton(s => new ApiKeyHasher(configuration.GetSection(ApiKeyPepperOptions.Section), s.GetRequiredService<IKeyedDigest>()));
        services.TryAddSingleton<ApiKeyCache>();
        services.TryAddSingleton(static s => new ApiKeyService(
            s.GetRequiredService<IApiKeyStore>(),
            s.GetRequiredService<ApiKeyHasher>(),
            s.GetRequiredService<ApiKeyCache>(),
            s.GetRequiredService<IOptions<IdentityOptions>>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<ApiKeyService>>()));

        services.TryAddSingleton<DenyList>();
        services.TryAddSingleton(static s => new DenyService(
            s.GetRequiredService<IDenyStore>(),
            s.GetRequiredService<DenyList>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<DenyService>>()));
        services.TryAddSingleton<KeyUse>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, KeyUse>(static s => s.GetRequiredService<KeyUse>()));

        services.TryAddSingleton<FeedClock>();
        services.TryAddSingleton<CallerMonitor>();
        services.TryAddSingleton<IRevocationSignal>(static s => s.GetRequiredService<CallerMonitor>());
        services.TryAddSingleton<KeyFeed>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, KeyFeedReader>());
        services.TryAddSingleton(static s => new IdentityHealth(s.GetRequiredService<FeedClock>()));

        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICredentialHandler, ApiKeyHandler>());
        services.TryAddSingleton<ProofNonces>();
        services.TryAddSingleton<ReplayGuard>();
        services.TryAddSingleton<IssuerClient>();
        services.TryAddSingleton<Issuers>();
        services.TryAddSingleton<TokenCache>();
        services.TryAddSingleton<TokenJudge>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ICredentialHandler, TokenHandler>());
        services.TryAddSingleton<ProofVerifier>();
        services.TryAddSingleton(static s => new KeyRegistration(s.GetRequiredService<ProofVerifier>()));
        services.TryAddSingleton<ClientCertificates>();
        services.TryAddSingleton<Possession>();
        services.TryAddSingleton(static s => new Authenticator(
            s.GetServices<ICredentialHandler>(),
            s.GetRequiredService<Possession>(),
            s.GetRequiredService<DenyList>(),
            s.GetRequiredService<FeedClock>(),
            s.GetRequiredService<KeyUse>(),
            s.GetRequiredService<ClientAddress>(),
            s.GetRequiredService<IOptions<IdentityOptions>>()));
        return services;
    }

    private static ServiceDescriptor Check<T>(Func<T, IEnumerable<string>> problems)
        where T : class =>
        ServiceDescriptor.Singleton<IValidateOptions<T>, OptionsCheck<T>>(_ => new OptionsCheck<T>(problems));

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
