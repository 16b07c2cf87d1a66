using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;

namespace Proofgate.SelfHost;

/// <summary>Which key signs the log: what the settings name, else the one that the state folder keeps.</summary>
internal static class LogSigning
{
    internal static IServiceCollection AddLogKeys(this IServiceCollection services, IConfiguration configuration, StateFolder state)
    {
        var vault = configuration.GetSection(CheckpointOptions.Section);
        if (vault[nameof(CheckpointOptions.KeyId)] is null && configuration[AuditOptions.LogKeyKey] is null)
        {
            return services.AddSingleton<ILogSigner>(state.LogSigner());
        }

        services.AddProofgateLogSigner(configuration);
        var named = vault[nameof(CheckpointOptions.FormerKeyId)] ?? configuration[CheckpointOptions.FormerLogKeyKey];

        // The log of this folder may have been signed with the folder's own key until now.
        return named is null && state.HasLogKey ? services.AddSingleton(new FormerLogKey(state.LogSigner())) : services;
    }
}
