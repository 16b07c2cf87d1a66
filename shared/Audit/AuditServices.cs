using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Cosigning;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Promises;
using Proofgate.Audit.Publishing;
using Proofgate.Audit.Sealing;
using Proofgate.Audit.Streaming;
using Proofgate.Outbound;

namespace Proofgate.Audit;

/// <summary>Registers the audit room.</summary>
public static class AuditServices
{
    /// <summary>
    /// The publisher, the refusal channel, sealing and digests. The host adds an <see cref="IAuditTransport"/> and an
    /// <see cref="ISubjectKeyStore"/>. On shutdown the sources are closed after the server has drained.
    /// </summary>
    public static IServiceCollection AddProofgateAudit(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AuditOptions>()
            .Bind(configuration.GetSection(AuditOptions.Section))
            .Configure(o => o.MasterKey = configuration[AuditOptions.MasterKeyKey])
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AuditOptions>, AuditOptionsCheck>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<AuditKeys>();
        services.TryAddSingleton<IdSecrets>();
        services.TryAddSingleton<DataSecrets>();
        services.TryAddSingleton<LineageSecret>();
        services.TryAddSingleton<ContentDigester>();
        services.TryAddSingleton<PersonalSealer>();
        services.TryAddSingleton<ProcessKey>();
        services.TryAddSingleton<PromiseMaker>();
        services.TryAddSingleton<AuditPublisher>();
        services.TryAddSingleton<RefusalChannel>();
        services.TryAddSingleton<IRefusalChannel>(static s => s.GetRequiredService<RefusalChannel>());
        services.TryAddSingleton<IAuditStream>(static s => s.GetRequiredService<AuditPublisher>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PublisherShutdown>());
        return services;
    }

    /// <summary>The embedded stream as transport, and the pump that moves it into the ledger. The host adds an <see cref="ILedgerTable"/>.</summary>
    public static IServiceCollection AddProofgateEmbeddedAudit(this IServiceCollection services)
    {
        services.TryAddSingleton<EmbeddedStream>();
        services.TryAddSingleton<IAuditTransport>(static s => s.GetRequiredService<EmbeddedStream>());
        services.TryAddSingleton<LedgerPump>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LedgerPump>(static s => s.GetRequiredService<LedgerPump>()));
        return services;
    }

    /// <summary>
    /// The ledger for events that a trigger brings, and nothing else: no key and no publisher. The host adds an <see cref="ILedgerTable"/> and an
    /// <see cref="IRemoteHistory"/>.
    /// </summary>
    public static IServiceCollection AddProofgateLedgerInlet(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<LedgerOptions>()
            .Bind(configuration.GetSection(AuditOptions.Section))
            .Validate(static o => AuditOptionsCheck.IsHubName(o.Hub), AuditOptionsCheck.HubProblem)
            .Validate(static o => AuditOptionsCheck.IsOrigin(o.Origin), AuditOptionsCheck.OriginProblem)
            .Validate(static o => Enum.IsDefined(o.LedgerInsertion), AuditOptionsCheck.InsertionProblem)
            .ValidateOnStart();
        services.AddCheckpointOptions(configuration);
        services.AddCosignatures(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LedgerInlet>();
        services.TryAddSingleton(static s => new LogOrigin(s.GetRequiredService<IOptions<LedgerOptions>>().Value.Origin, s.GetRequiredService<IOptions<LedgerOptions>>().Value.Hub));
        services.TryAddSingleton<CheckpointWriter>();
        return services;
    }

    /// <summary>
    /// The log's key from the settings, and the former one that is to hand over, as texts of an <see cref="Ed25519Signer"/>; where they name keys in a vault, who
    /// reaches the vault adds those.
    /// </summary>
    /// <exception cref="OptionsValidationException">The key is missing, is no such key, or is named twice.</exception>
    public static IServiceCollection AddProofgateLogSigner(this IServiceCollection services, IConfiguration configuration)
    {
        var vault = configuration.GetSection(CheckpointOptions.Section);
        if (Read(configuration, AuditOptions.LogKeyKey, vault[nameof(CheckpointOptions.KeyId)], nameof(CheckpointOptions.KeyId), required: true) is { } signer)
            services.TryAddSingleton<ILogSigner>(signer);
        if (Read(configuration, CheckpointOptions.FormerLogKeyKey, vault[nameof(CheckpointOptions.FormerKeyId)], nameof(CheckpointOptions.FormerKeyId), required: false) is { } former)
            services.TryAddSingleton(new FormerLogKey(former));
        return services;

        static Ed25519Signer? Read(IConfiguration configuration, string key, string? inVault, string vaultKey, bool required)
        {
            if (configuration[key] is null && (inVault is not null || !required))
                return null;
            if (inVault is not null)
                throw new OptionsValidationException(key, typeof(ILogSigner), [$"{key} and {CheckpointOptions.Section}:{vaultKey} are both set: keep one."]);
            return Ed25519Signer.TryParse(configuration[key], out var signer, out _)
                ? signer
                : throw new OptionsValidationException(
                    key, typeof(ILogSigner), [$"{key} must be a private key of the log, PRIVATE+KEY+name+id+key, as `proofgate audit log-key` makes it."]);
        }
    }

    /// <summary>Reads the evidence for whoever asks. The host adds an <see cref="IEvidenceStore"/> and an <see cref="ILedgerTable"/>.</summary>
    public static IServiceCollection AddProofgateEvidence(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddCheckpointOptions(configuration);
        services.TryAddSingleton(static s => new LogOrigin(s.GetRequiredService<IOptions<AuditOptions>>().Value.Origin, s.GetRequiredService<IOptions<AuditOptions>>().Value.Hub));
        services.TryAddSingleton(static s => new EvidenceReader(
            s.GetRequiredService<IEvidenceStore>(), s.GetRequiredService<ILedgerTable>(), s.GetRequiredService<LogOrigin>(), s.GetRequiredService<TimeProvider>(),
            WitnessEndpoint.Of(s.GetRequiredService<IOptions<CheckpointOptions>>().Value)));
        return services;
    }

    /// <summary>
    /// Signs the logs in this process, every second, and has witnesses cosign. The host adds an <see cref="IEvidenceStore"/> and an <see cref="ILogSigner"/>, and
    /// calls this before <see cref="AddProofgateEmbeddedAudit"/>: what is registered first ends last, and the last events are to be signed too.
    /// </summary>
    public static IServiceCollection AddProofgateCheckpoints(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddProofgateEvidence(configuration);
        services.AddCosignatures(configuration);
        services.TryAddSingleton<CheckpointWriter>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, CheckpointPump>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, CosignaturePump>());
        return services;
    }

    /// <summary>Witnesses are reached as upstreams are: not through names that lead into private networks.</summary>
    private static void AddCosignatures(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics();
        services.AddProofgateOutbound(configuration);
        services.TryAddSingleton<CosignatureRelay>();
    }

    private static void AddCheckpointOptions(this IServiceCollection services, IConfiguration configuration)
    {
        // Bound twice, its lists would be twice as long.
        if (services.Any(static s => s.ServiceType == typeof(IValidateOptions<CheckpointOptions>)))
            return;
        services.AddOptions<CheckpointOptions>().Bind(configuration.GetSection(CheckpointOptions.Section)).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CheckpointOptions>, CheckpointOptionsCheck>());
    }
}
