using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using Proofgate.AzureStores.Accounts;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.AzureStores.Keys;

/// <summary>All keys in one partition (<see cref="KeysTable"/>), so that a record and its line in the change feed are one transaction.</summary>
internal sealed class TableApiKeys(TableClient table, TimeProvider time) : IApiKeyStore
{
    private const string Partition = KeysTable.Partition;
    private const string InitializedRow = "initialized";
    private const string FirstKeyColumn = "FirstKey";

    private readonly KeysTable _rows = new(table);

    public async Task<ApiKeyRecord?> FindAsync(KeyId id, CancellationToken cancellationToken)
    {
        var row = await TableCall.FindAsync(table, Partition, KeyRow.KeyOf(id), cancellationToken).ConfigureAwait(false);
        return row is null ? null : KeyRow.Read(table.Name, row);
    }

    public async Task<bool> TryInsertAsync(ApiKeyRecord record, CancellationToken cancellationToken)
    {
        if (await SubmitAsync(new(TableTransactionActionType.Add, KeyRow.From(Partition, record)), record.Id, cancellationToken).ConfigureAwait(false))
            return true;

        // A retry after a lost reply meets its own record: 178 secret bits under the digest say whose it is.
        var stored = await FindAsync(record.Id, cancellationToken).ConfigureAwait(false);
        return stored is not null && CryptographicOperations.FixedTimeEquals(stored.Digest.Span, record.Digest.Span);
    }

    public Task<bool> TryUpdateAsync(ApiKeyRecord record, CancellationToken cancellationToken)
    {
        var version = new ETag(record.Version ?? throw new ArgumentException("A record that was never read cannot be updated.", nameof(record)));
        return SubmitAsync(new(TableTransactionActionType.UpdateReplace, KeyRow.From(Partition, record), version), record.Id, cancellationToken);
    }

    public async IAsyncEnumerable<ApiKeyRecord> ListAsync(KeyId? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Nothing sorts between a key and the same key with a space.
        var range = after is { } id ? KeyRow.Range with { From = KeyRow.KeyOf(id) + " " } : KeyRow.Range;
        await foreach (var row in _rows.QueryAsync(range, null, cancellationToken).ConfigureAwait(false))
            yield return KeyRow.Read(table.Name, row);
    }

    public async Task<KeyChanges> ReadChangesAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var keys = new HashSet<KeyId>();
        var denials = new List<string>();
        await foreach (var row in _rows.QueryAsync(ChangeRow.Since(since), [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)], cancellationToken)
            .ConfigureAwait(false))
        {
            if (ChangeRow.Read(table.Name, row) is { } id)
                keys.Add(id);
            else
                denials.Add(row.RowKey);
        }

        return new KeyChanges([.. keys], denials);
    }

    public async Task<bool> TryClaimInitializationAsync(KeyId firstKey, CancellationToken cancellationToken)
    {
        var claim = new TableEntity(Partition, InitializedRow) { [FirstKeyColumn] = firstKey.ToString() };
        try
        {
            await TableCall.OfAsync(table, "written to", ct => table.AddEntityAsync(claim, ct), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            // The claim can be made once, ever: a retry after a lost reply must not lose it.
            var stored = await TableCall.FindAsync(table, Partition, InitializedRow, cancellationToken).ConfigureAwait(false);
            return stored?.GetString(FirstKeyColumn) == firstKey.ToString();
        }
    }

    /// <returns>False if the record was there before, or is another one by now, or is gone.</returns>
    private async Task<bool> SubmitAsync(TableTransactionAction write, KeyId id, CancellationToken cancellationToken) =>
        await _rows.SubmitAsync(write, ChangeRow.KeyOf(time.GetUtcNow(), id), cancellationToken).ConfigureAwait(false) == KeysWrite.Done;
}
