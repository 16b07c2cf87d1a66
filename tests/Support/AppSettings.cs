using System.Text.RegularExpressions;

namespace Proofgate.Support;

/// <summary>Which function app reads which settings: what each registration in its Program.cs makes it read.</summary>
public static partial class AppSettings
{
    public static IReadOnlyList<string> Apps { get; } = ["Gateway", "Manage", "AuditWriter"];

    private static readonly Dictionary<string, string[]> Sections = new()
    {
        ["AddProofgateGateway"] =
        [
            "Proofgate:Admission", "Proofgate:Audit", "Proofgate:Body", "Proofgate:Cors", "Proofgate:Data", "Proofgate:DataSources", "Proofgate:Dpop", "Proofgate:Identity", "Proofgate:Inference", "Proofgate:Issuers", "Proofgate:Lineage", "Proofgate:Mcp",
            "Proofgate:Outbound", "Proofgate:Policy", "Proofgate:PublicOrigins", "Proofgate:Published", "Proofgate:Recogniser", "Proofgate:Routing", "Proofgate:Secrets", "Proofgate:ToolServers", "Proofgate:Tools", "Proofgate:TrustedHops", "Proofgate:Upstreams",
        ],
        ["AddProofgateLedgerInlet"] = ["Proofgate:Audit:Hub", "Proofgate:Audit:Origin", "Proofgate:Audit:LedgerInsertion", "Proofgate:Audit:Checkpoints", "Proofgate:Outbound"],
        ["AddProofgateLogSigner"] = ["Proofgate:Secrets:LogKey", "Proofgate:Secrets:FormerLogKey"],
        ["AddProofgateAzureStores"] = ["Proofgate:Storage"],
        ["AddProofgateEventHubs"] = ["Proofgate:Audit:Hub", "Proofgate:EventHubs"],
        ["AddProofgateKeyVault"] = ["Proofgate:KeyVault"],
        ["AddProofgateTelemetry"] = ["Proofgate:Telemetry"],
        ["CreateLocalTablesAsync"] = ["Proofgate:Storage"],
    };

    /// <param name="app">One of <see cref="Apps"/>.</param>
    /// <param name="key">With colons.</param>
    public static bool Reads(string app, string key) => Registration().Matches(File.ReadAllText(RepositoryRoot.Of("functions", app, "Program.cs")))
        .SelectMany(static call => Sections.GetValueOrDefault(call.Groups[1].Value, []))
        .Any(section => key.Equals(section, StringComparison.OrdinalIgnoreCase) || key.StartsWith(section + ":", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"\.(\w+)\(")]
    private static partial Regex Registration();
}
