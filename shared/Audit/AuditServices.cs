using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Promises;
using Proofgate.Audit.Publishing;
using Proofgate.Audit.Sealing;
using Proofgate.Audit.Streaming;

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
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LedgerInlet>();
        services.TryAddSingleton(static s => new LogOrigin(s.GetRequiredService<IOptions<LedgerOptions>>().Value.Origin, s.GetRequiredService<IOptions<LedgerOptions>>().Value.Hub));
        services.TryAddSingleton<CheckpointWriter>();
        return services;
    }

    /// <summary>The log's key from the settings: the text form of an <see cref="Ed25519Signer"/>.</summary>
    /// <exception cref="OptionsValidationException">It is missing or is no such key.</exception>
    public static IServiceCollection AddProofgateLogSigner(this IServiceCollection services, IConfiguration configuration)
    {
        if (!Ed25519Signer.TryParse(configuration[AuditOptions.LogKeyKey], out var signer, out _))
            throw new OptionsValidationException(AuditOptions.LogKeyKey, typeof(ILogSigner), [$"{AuditOptions.LogKeyKey} must be the log's private key: PRIVATE+KEY+name+id+key."]);
        services.TryAddSingleton<ILogSigner>(signer);
        return services;
    }

    /// <summary>Reads the evidence for whoever asks. The host adds an <see cref="IEvidenceStore"/> and an <see cref="ILedgerTable"/>.</summary>
    public static IServiceCollection AddProofgateEvidence(this IServiceCollection services)
    {
        services.TryAddSingleton(static s => new LogOrigin(s.GetRequiredService<IOptions<AuditOptions>>().Value.Origin, s.GetRequiredService<IOptions<AuditOptions>>().Value.Hub));
        services.TryAddSingleton<EvidenceReader>();
        return services;
    }

    /// <summary>
    /// Signs the logs in this process, every second. The host adds an <see cref="IEvidenceStore"/> and an <see cref="ILogSigner"/>, and calls this before
    /// <see cref="AddProofgateEmbeddedAudit"/>: what is registered first ends last, and the last events are to be signed too.
    /// </summary>
    public static IServiceCollection AddProofgateCheckpoints(this IServiceCollection services)
    {
        services.AddProofgateEvidence();
        services.TryAddSingleton<CheckpointWriter>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, CheckpointPump>());
        return services;
    }
}
