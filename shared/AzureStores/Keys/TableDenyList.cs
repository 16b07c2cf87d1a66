using Azure;
using Azure.Data.Tables;
using Proofgate.Identity.Denials;

namespace Proofgate.AzureStores.Keys;

/// <summary>The deny list, beside the keys, because it shares their change feed.</summary>
internal sealed class TableDenyList(TableClient table, TimeProvider time) : IDenyStore
{
    private readonly KeysTable _rows = new(table);

    public async Task<IReadOnlyList<DenyEntry>> ReadAsync(CancellationToken cancellationToken)
    {
        var entries = new List<DenyEntry>();
        await foreach (var row in _rows.QueryAsync(DenyRow.Range, null, cancellationToken).ConfigureAwait(false))
            entries.Add(DenyRow.Read(table.Name, row));
        return entries;
    }

    public async Task PutAsync(DenyEntry entry, CancellationToken cancellationToken)
    {
        var row = DenyRow.From(KeysTable.Partition, entry);
        if (await _rows.SubmitAsync(new(TableTransactionActionType.UpsertReplace, row), NewLine(), cancellationToken).ConfigureAwait(false) != KeysWrite.Done)
            throw new InvalidOperationException($"Row '{row.RowKey}' was written without a condition, and the store answers that one failed.");
    }

    public async Task<bool> TryRemoveAsync(DenyEntry entry, CancellationToken cancellationToken)
    {
        var version = new ETag(entry.Version ?? throw new ArgumentException("An entry that was never read cannot be removed.", nameof(entry)));
        var row = new TableEntity(KeysTable.Partition, DenyRow.KeyOf(entry));

        // Gone is as good as done: a repeated attempt after a lost reply finds nothing.
        return await _rows.SubmitAsync(new(TableTransactionActionType.Delete, row, version), NewLine(), cancellationToken).ConfigureAwait(false) != KeysWrite.Changed;
    }

    private string NewLine() => ChangeRow.KeyOfDenyList(time.GetUtcNow());
}
