using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.Audit.Ledger;
using Proofgate.Enforcement.Feed;
using Proofgate.Enforcement.Limits;
using Proofgate.Enforcement.Provenance;
using Proofgate.Enforcement.Recording;
using Proofgate.Enforcement.Tools;
using Proofgate.Policy;

namespace Proofgate.Enforcement;

/// <summary>Registers the enforcement room. It needs identity, policy and audit beside it.</summary>
public static class EnforcementServices
{
    public static IServiceCollection AddProofgateEnforcement(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AdmissionOptions>().Bind(configuration.GetSection(AdmissionOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AdmissionOptions>>(new Check<AdmissionOptions>(static o => o.Problems())));
        services.AddOptions<LineageOptions>().Bind(configuration.GetSection(LineageOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LineageOptions>>(new Check<LineageOptions>(static o => o.Problems())));
        services.AddOptions<LineageSecretOptions>().Bind(configuration.GetSection(LineageSecretOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LineageSecretOptions>>(new Check<LineageSecretOptions>(static o => o.Problems())));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Sessions>();
        services.TryAddSingleton<LineageTokens>();
        services.TryAddSingleton<Admission>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RulePreparation>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, BudgetReturns>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IBundleSection, LimitSection>());
        services.TryAddSingleton<DecisionBroadcast>();
        services.TryAddSingleton<IDecisionFeed>(static s => s.GetRequiredService<DecisionBroadcast>());
        services.TryAddSingleton<CallRecorder>();
        services.TryAddSingleton<OutcomeRecorder>();
        services.TryAddSingleton<IActivationRecorder, ActivationRecorder>();
        services.TryAddSingleton<Pipeline>();
        services.TryAddSingleton<ToolRegistry>();
        return services;
    }

    /// <summary>
    /// For an app that others decide for: what is watched is read from the ledger instead of this process. Beside <see cref="AddProofgateEnforcement"/>; the host
    /// adds an <see cref="ILedgerTable"/>.
    /// </summary>
    public static IServiceCollection AddProofgateLedgerFeed(this IServiceCollection services)
    {
        services.TryAddSingleton<LedgerFollower>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LedgerFeed>());
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
