using Azure.Data.Tables;

namespace Proofgate.Local.Tests;

/// <summary>Writes rows to a table and counts them, as proof that a storage holds its data.</summary>
internal static class Rows
{
    internal static async Task AddAsync(string connectionString, int count)
    {
        var table = new TableClient(connectionString, "Rows");
        await table.CreateIfNotExistsAsync();
        await table.SubmitTransactionAsync(Enumerable.Range(0, count)
            .Select(static i => new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", $"r{i:D4}") { ["n"] = i })));
    }

    internal static async Task<int> CountAsync(string connectionString)
    {
        var count = 0;
        await foreach (var _ in new TableClient(connectionString, "Rows").QueryAsync<TableEntity>())
            count++;
        return count;
    }
}
