using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Proofgate.Audit;
using Proofgate.Data;
using Proofgate.Enforcement;
using Proofgate.Identity;
using Proofgate.Inference;
using Proofgate.Policy;

namespace Proofgate.Http;

/// <summary>What every host that serves routes is made of. The host adds the stores and a transport for the audit stream.</summary>
public static class GatewayServices
{
    private const int MaxHeaderBytes = 32 * 1024;

    /// <summary>
    /// The Functions host's own limit, far above the gateway's, which answers 413 with a sentence: a body over Kestrel's limit is not read to its
    /// end, and then the host has no answer to hand on.
    /// </summary>
    private const long MaxBodyBytes = 100L * 1024 * 1024;

    /// <param name="services">The host's.</param>
    /// <param name="configuration">The host's, complete.</param>
    /// <param name="sections">Sections that the host reads itself.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is not known.</exception>
    public static IServiceCollection AddProofgateGateway(
        this IServiceCollection services, IConfiguration configuration, params IEnumerable<(string Section, Type Options)> sections)
    {
        SettingsGuard.RequireKnown(configuration, sections);
        services.Configure<KestrelServerOptions>(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
        });

        // The Functions worker's own middleware takes the last entry out of X-Forwarded-For before anybody reads it (N1).
        services.PostConfigure<ForwardedHeadersOptions>(static forwarded => forwarded.ForwardedHeaders = ForwardedHeaders.None);
        return services
            .AddProofgateIdentity(configuration)
            .AddProofgateAudit(configuration)
            .AddProofgateEvidence(configuration)
            .AddProofgatePolicy(configuration)
            .AddProofgateEnforcement(configuration)
            .AddProofgateInference(configuration)
            .AddProofgateData(configuration)
            .AddProofgateHttp(configuration);
    }
}
