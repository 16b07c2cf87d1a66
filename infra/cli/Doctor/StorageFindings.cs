using Proofgate.AzureStores;

namespace Proofgate.Cli.Doctor;

/// <summary>Tables, containers and secrets, with the asker's own rights.</summary>
internal static class StorageFindings
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal static Task<IReadOnlyList<Finding>> LookAsync(
        StorageOptions storage, string? policyStore, bool keepsEvidence, TimeProvider time, CancellationToken cancellationToken) =>
        LookAsync("tables", stop => StorageExamination.LookAsync(storage, policyStore, keepsEvidence, time.GetUtcNow(), stop), cancellationToken);

    internal static Task<IReadOnlyList<Finding>> LookAsync(KeyVaultOptions vault, CancellationToken cancellationToken) =>
        LookAsync("secrets", stop => SecretsExamination.LookAsync(vault, stop), cancellationToken);

    private static async Task<IReadOnlyList<Finding>> LookAsync(string all, Func<CancellationToken, Task<IReadOnlyList<StoreCheck>>> look, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Patience);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var checks = await look(stop.Token);
            return [.. checks.Select(Of)];
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return [Finding.Failed(all, "the storage's connection string is none", "copy it again, whole")];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [Finding.Failed(all, $"no answer within {Patience.TotalSeconds:0} s", "check that it runs; with private endpoints, ask from their network")];
        }
    }

    internal static Finding Of(StoreCheck check)
    {
        var name = $"{check.Kind} {check.Name}".TrimEnd();
        return check.Problem is { } problem
            ? Finding.Failed(name, problem, FixOf(check, problem))
            : Finding.Ok(name, check.Kind == "secret" ? "it is there" : "it can be read");
    }

    private static string FixOf(StoreCheck check, string problem) => problem switch
    {
        _ when Says(problem, "404") => check.Kind == "secret"
            ? $"put it there: az keyvault secret set --vault-name {check.Owner} --name {check.Name} --file FILE"
            : "deploy the template again: it makes tables and containers; the tables of used proofs are made by the administration's app when it runs",
        _ when Says(problem, "AuthorizationFailure") || Says(problem, "ForbiddenByFirewall") => "the network that you ask from is not let in: ask from that of the private endpoints",
        _ when Says(problem, "403") => $"you miss the role '{RoleOf(check.Kind)}' on it (the apps have their own: infra/modules/rights.bicep): {GrantOf(check)}",
        _ when Says(problem, "token") => "sign in (`az login`)",
        _ => "check that it runs, and that a firewall or private endpoint lets you through",
    };

    private static bool Says(string problem, string word) => problem.Contains(word, StringComparison.Ordinal);

    private static string RoleOf(string kind) => kind switch { "table" => "Storage Table Data Reader", "container" => "Storage Blob Data Reader", _ => "Key Vault Reader" };

    /// <summary>The command that whoever owns the resource group gives.</summary>
    private static string GrantOf(StoreCheck check)
    {
        var owner = check.Owner ?? "NAME";
        var scope = check.Kind switch
        {
            "table" => $"$(az storage account show --name {owner} --query id -o tsv)/tableServices/default/tables/{check.Name}",
            "container" => $"$(az storage account show --name {owner} --query id -o tsv)/blobServices/default/containers/{check.Name}",
            _ => $"$(az keyvault show --name {owner} --query id -o tsv)",
        };
        return $"az role assignment create --role \"{RoleOf(check.Kind)}\" --assignee-object-id $(az ad signed-in-user show --query id -o tsv) --assignee-principal-type User --scope {scope}";
    }
}
