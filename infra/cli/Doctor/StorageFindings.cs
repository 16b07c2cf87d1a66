using Proofgate.AzureStores;

namespace Proofgate.Cli.Doctor;

/// <summary>The tables, with the asker's own rights.</summary>
internal static class TableExamination
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    internal static async Task<IReadOnlyList<Finding>> LookAsync(StorageOptions storage, bool signedPolicy, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Patience);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            var tables = await StorageExamination.LookAsync(storage, signedPolicy, time.GetUtcNow(), stop.Token);
            return [.. tables.Select(static t => t.Problem is null ? Finding.Ok($"table {t.Table}", "it can be read") : Finding.Failed($"table {t.Table}", t.Problem, FixOf(t.Problem)))];
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return [Finding.Failed("tables", "the storage's connection string is none", "copy it again, whole")];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [Finding.Failed("tables", $"storage does not answer within {Patience.TotalSeconds:0} s", "check that it runs; with private endpoints, ask from their network")];
        }
    }

    private static string FixOf(string problem) => problem switch
    {
        _ when problem.Contains("404", StringComparison.Ordinal) => "deploy the template again: it makes the tables; those of used proofs are made by the administration's app when it runs",
        _ when problem.Contains("403", StringComparison.Ordinal) => "you may not read it (Storage Table Data Reader), or your network may not: the app's own rights are in infra/modules/rights.bicep",
        _ when problem.Contains("token", StringComparison.Ordinal) => "sign in (`az login`)",
        _ => "check that the storage runs, and that a firewall or private endpoint lets you through",
    };
}
