using Proofgate.Infra.Tests.Compiler;

namespace Proofgate.Infra.Tests.Hardening;

/// <summary>What must be said because Azure's own default is weaker, or might become so.</summary>
internal static class Rules
{
    private const string Account = "Microsoft.Storage/storageAccounts";
    private const string Blobs = $"{Account}/blobServices";
    private const string Container = $"{Blobs}/containers";
    private const string Namespace = "Microsoft.EventHub/namespaces";
    private const string Vault = "Microsoft.KeyVault/vaults";
    private const string Site = "Microsoft.Web/sites";

    private static readonly (string Type, string Path, string Value)[] Values =
    [
        (Account, "properties.allowSharedKeyAccess", "false"),
        (Account, "properties.allowBlobPublicAccess", "false"),
        (Account, "properties.allowCrossTenantReplication", "false"),
        (Account, "properties.defaultToOAuthAuthentication", "true"),
        (Account, "properties.supportsHttpsTrafficOnly", "true"),
        (Account, "properties.minimumTlsVersion", "TLS1_2"),
        (Account, "properties.publicNetworkAccess", "Disabled"),
        (Account, "properties.networkAcls.defaultAction", "Deny"),
        (Account, "properties.networkAcls.bypass", "None"),
        (Blobs, "properties.deleteRetentionPolicy.enabled", "true"),
        (Blobs, "properties.containerDeleteRetentionPolicy.enabled", "true"),
        (Container, "properties.publicAccess", "None"),
        (Namespace, "properties.disableLocalAuth", "true"),
        (Namespace, "properties.minimumTlsVersion", "1.2"),
        (Namespace, "properties.publicNetworkAccess", "Disabled"),
        ($"{Namespace}/networkRuleSets", "properties.defaultAction", "Deny"),
        ($"{Namespace}/networkRuleSets", "properties.publicNetworkAccess", "Disabled"),
        (Vault, "properties.enableRbacAuthorization", "true"),
        (Vault, "properties.enableSoftDelete", "true"),
        (Vault, "properties.softDeleteRetentionInDays", "90"),
        (Vault, "properties.enablePurgeProtection", "true"),
        (Vault, "properties.enabledForTemplateDeployment", "false"),
        (Vault, "properties.publicNetworkAccess", "Disabled"),
        (Vault, "properties.networkAcls.defaultAction", "Deny"),
        (Vault, "properties.networkAcls.bypass", "None"),
        ($"{Vault}/keys", "properties.attributes.exportable", "false"),
        (Site, "properties.httpsOnly", "true"),
        (Site, "properties.publicNetworkAccess", "Disabled"),
        (Site, "properties.siteConfig.minTlsVersion", "1.2"),
        (Site, "properties.siteConfig.scmMinTlsVersion", "1.2"),
        (Site, "properties.siteConfig.ftpsState", "Disabled"),
        (Site, "properties.siteConfig.remoteDebuggingEnabled", "false"),
        (Site, "properties.functionAppConfig.deployment.storage.authentication.type", "UserAssignedIdentity"),
        (Site, "identity.type", "UserAssigned"),
        ($"{Site}/basicPublishingCredentialsPolicies", "properties.allow", "false"),
        ("Microsoft.OperationalInsights/workspaces", "properties.features.disableLocalAuth", "true"),
        ("Microsoft.Insights/components", "properties.DisableLocalAuth", "true"),
    ];

    /// <summary>What a first trial may have otherwise.</summary>
    private static readonly string[] Opened = ["properties.publicNetworkAccess", "properties.networkAcls.defaultAction", "properties.defaultAction"];

    /// <returns>One sentence for each weakness.</returns>
    internal static IEnumerable<string> Find(Deployment deployment, bool trial = false)
    {
        foreach (var (type, path, value) in Values)
        {
            var all = deployment.Of(type).ToList();
            if (all.Count == 0)
            {
                yield return $"there is no {type}";
            }

            foreach (var resource in all.Where(r => r.Text(path) != value && !(trial && Opened.Contains(path))))
            {
                yield return $"{resource.Name}: {path} is {resource.Text(path) ?? "not said"}, not {value}";
            }
        }

        foreach (var keys in deployment.Resources.Where(static r => r.Type.Contains("authorizationRules", StringComparison.OrdinalIgnoreCase)))
        {
            yield return $"{keys.Name}: a key for whoever has it";
        }

        foreach (var problem in OfTheLedger(deployment).Concat(OfWhatIsTold(deployment)))
        {
            yield return problem;
        }
    }

    private static IEnumerable<string> OfTheLedger(Deployment deployment)
    {
        const string Ledger = $"{Account}/pgledger";
        if (deployment.Of(Account).SingleOrDefault(static a => a.Name == Ledger) is not { } account)
        {
            yield return "the ledger has no account";
            yield break;
        }

        if (account.Text("properties.immutableStorageWithVersioning.enabled") != "true"
            || account.Text("properties.immutableStorageWithVersioning.immutabilityPolicy.state") is not ("Unlocked" or "Locked"))
        {
            yield return $"{Ledger}: its containers have no retention";
        }

        if (deployment.Of(Blobs).SingleOrDefault(static b => b.Name.StartsWith(Ledger + "/", StringComparison.Ordinal))?.Text("properties.isVersioningEnabled") != "true")
        {
            yield return $"{Ledger}: what is written over is lost";
        }

        if (!deployment.Of("Microsoft.Authorization/locks").Any(static l => l.Name.StartsWith(Ledger + "/", StringComparison.Ordinal) && l.Text("properties.level") == "CanNotDelete"))
        {
            yield return $"{Ledger}: the account can be deleted";
        }

        var tables = deployment.Of($"{Account}/tableServices/tables").Where(static t => t.Name.StartsWith(Ledger + "/", StringComparison.Ordinal)).ToList();
        if (tables.Count != 1)
        {
            yield return $"{Ledger}: it holds {tables.Count} tables";
        }
    }

    private static IEnumerable<string> OfWhatIsTold(Deployment deployment)
    {
        var told = deployment.Of("Microsoft.Insights/diagnosticSettings").ToList();
        string[] telling =
        [
            $"{Account}/pgledger/tableServices/default", $"{Account}/pgledger/blobServices/default", $"{Account}/pgkeys/tableServices/default",
            $"{Vault}/pg-gateway", $"{Vault}/pg-manage", $"{Vault}/pg-writer", $"{Namespace}/pg-trial",
        ];
        return telling.Where(name => !told.Any(t => t.Name.StartsWith(name + "/providers/", StringComparison.Ordinal)
                && t["properties.logs"]!.AsArray().All(static l => l!["enabled"]!.GetValue<bool>())))
            .Select(static name => $"{name}: what is done to it is not told to the workspace");
    }
}
