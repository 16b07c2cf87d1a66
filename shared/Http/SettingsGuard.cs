using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.Data;
using Proofgate.Enforcement.Limits;
using Proofgate.Enforcement.Provenance;
using Proofgate.Http.Manage;
using Proofgate.Http.Mcp;
using Proofgate.Http.Telemetry;
using Proofgate.Identity.Tokens;
using Proofgate.Identity;
using Proofgate.Inference.Recognisers;
using Proofgate.Inference.Routing;
using Proofgate.Inference.ToolServers;
using Proofgate.Inference;
using Proofgate.Inference.Upstreams;
using Proofgate.Outbound;
using Proofgate.Policy;

namespace Proofgate.Http;

/// <summary>
/// Finds settings under <c>Proofgate</c> that nobody reads: a misspelt limit is no limit. Every host asks before it starts.
/// </summary>
public static class SettingsGuard
{
    /// <summary>Sections that have names of their own below them, read elsewhere.</summary>
    private static readonly string[] Free = ["Proofgate:Secrets", UpstreamsOptions.Section, ToolServersOptions.Section, DataSourcesOptions.Section];

    /// <returns>One sentence for each unknown key.</returns>
    public static IReadOnlyList<string> UnknownKeys(IConfiguration configuration, params IEnumerable<(string Section, Type Options)> hosts)
    {
        var known = Sections.Concat(hosts)
            .SelectMany(static s => s.Options.GetProperties().Select(p => $"{s.Section}:{p.Name}"))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. configuration.GetSection("Proofgate").AsEnumerable()
                .Where(static s => s.Value is not null)
                .Select(static s => s.Key)
                .Where(key => !Free.Any(f => key.StartsWith(f + ":", StringComparison.OrdinalIgnoreCase)) && !known.Any(k => IsBelow(key, k)))
                .Select(static key => $"{key} is not a setting of Proofgate. Check its spelling."),
        ];
    }

    /// <exception cref="OptionsValidationException">A setting is not known. All of them are named.</exception>
    public static void RequireKnown(IConfiguration configuration, params IEnumerable<(string Section, Type Options)> hosts)
    {
        if (UnknownKeys(configuration, hosts) is { Count: > 0 } unknown)
        {
            throw new OptionsValidationException("Proofgate", typeof(SettingsGuard), unknown);
        }
    }

    private static IEnumerable<(string Section, Type Options)> Sections =>
    [
        (AuditOptions.Section, typeof(AuditOptions)),
        (CheckpointOptions.Section, typeof(CheckpointOptions)),
        (BodyOptions.Section, typeof(BodyOptions)),
        (CorsOptions.Section, typeof(CorsOptions)),
        (McpOptions.Section, typeof(McpOptions)),
        (PublishedOptions.Section, typeof(PublishedOptions)),
        (AdmissionOptions.Section, typeof(AdmissionOptions)),
        (LineageOptions.Section, typeof(LineageOptions)),
        (IdentityOptions.Section, typeof(IdentityOptions)),
        (ClientAddressOptions.Section, typeof(ClientAddressOptions)),
        (PublicOriginsOptions.Section, typeof(PublicOriginsOptions)),
        (ProofOptions.Section, typeof(ProofOptions)),
        (IssuersOptions.Section, typeof(IssuersOptions)),
        (InferenceOptions.Section, typeof(InferenceOptions)),
        (ToolOptions.Section, typeof(ToolOptions)),
        (DataOptions.Section, typeof(DataOptions)),
        (OutboundOptions.Section, typeof(OutboundOptions)),
        (RoutingOptions.Section, typeof(RoutingOptions)),
        (RecogniserOptions.Section, typeof(RecogniserOptions)),
        (PolicyOptions.Section, typeof(PolicyOptions)),
        (InitializationOptions.Section, typeof(InitializationOptions)),
        (TelemetryOptions.Section, typeof(TelemetryOptions)),
    ];

    private static bool IsBelow(string key, string known) =>
        key.Equals(known, StringComparison.OrdinalIgnoreCase) || key.StartsWith(known + ":", StringComparison.OrdinalIgnoreCase);
}
