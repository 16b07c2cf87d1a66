namespace Proofgate.Infra.Tests.Settings;

/// <summary>The settings that the templates have to make, and of which app. Keys with colons, as the code reads them.</summary>
internal static class SettingTable
{
    private static readonly string[] Doors = ["gateway", "manage"];
    private static readonly string[] All = ["gateway", "manage", "writer"];

    internal static readonly (string Key, string[] Apps)[] Of =
    [
        ("Proofgate:Audit:Checkpoints:KeyId", ["writer"]),
        ("Proofgate:Audit:Hub", All),
        ("Proofgate:Audit:Origin", All),
        ("Proofgate:Dpop:NoncePolicy", Doors),
        ("Proofgate:EventHubs:Connection:clientId", All),
        ("Proofgate:EventHubs:Connection:credential", All),
        ("Proofgate:EventHubs:Connection:fullyQualifiedNamespace", All),
        ("Proofgate:KeyVault:ManagedIdentityClientId", Doors),
        ("Proofgate:KeyVault:Optional:0", Doors),
        ("Proofgate:KeyVault:Secrets:0", Doors),
        ("Proofgate:KeyVault:Secrets:1", Doors),
        ("Proofgate:KeyVault:Secrets:2", Doors),
        ("Proofgate:KeyVault:Uri", Doors),
        ("Proofgate:Policy:RequireApproval", Doors),
        ("Proofgate:Policy:Store", Doors),
        ("Proofgate:Policy:TrustedKeys:alice", Doors),
        ("Proofgate:PublicOrigins:0", Doors),
        ("Proofgate:Storage:Ledger:ManagedIdentityClientId", All),
        ("Proofgate:Storage:Ledger:TableEndpoint", All),
        ("Proofgate:Storage:ManagedIdentityClientId", All),
        ("Proofgate:Storage:Proofs:ManagedIdentityClientId", Doors),
        ("Proofgate:Storage:Proofs:TableEndpoint", Doors),
        ("Proofgate:Storage:TableEndpoint", All),
        ("Proofgate:Telemetry:AzureMonitor", All),
        ("Proofgate:Telemetry:ManagedIdentityClientId", All),
        ("Proofgate:TrustedHops", Doors),
        ("Proofgate:Upstreams:azure:Endpoint", Doors),
        ("Proofgate:Upstreams:azure:Hosts:0", Doors),
    ];

    /// <summary>Without these an app does not start. The others have defaults, which here would be wrong.</summary>
    internal static readonly (string App, string Key)[] Demanded =
    [
        .. from app in Doors
           from key in new[] { "Proofgate:KeyVault:Secrets:0", "Proofgate:KeyVault:Secrets:1", "Proofgate:Policy:Store", "Proofgate:Policy:TrustedKeys:alice" }
           select (app, key),
        .. from app in All
           from key in new[] { "Proofgate:Storage:TableEndpoint", "Proofgate:Storage:Ledger:TableEndpoint" }
           select (app, key),
        .. from app in Doors select (app, "Proofgate:Storage:Proofs:TableEndpoint"),
        ("writer", "Proofgate:Audit:Checkpoints:KeyId"),
    ];

    /// <summary>The Functions host's own, which Proofgate does not read.</summary>
    internal static readonly string[] OfTheHost =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING", "AzureWebJobsStorage:accountName", "AzureWebJobsStorage:clientId",
        "AzureWebJobsStorage:credential",
    ];
}
