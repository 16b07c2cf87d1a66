using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Proofgate.AzureStores.Accounts;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.AzureStores.Keys;

/// <summary>
/// All keys in one partition, so that a record and its line in the change feed are one transaction: <c>k-{kid}</c> is a record,
/// <c>c-{inverted ticks}-{kid}</c> a change (the newest sorts first), <c>initialized</c> the claim of the first administrator.
/// </summary>
internal sealed class TableApiKeys(TableClient table, TimeProvider time) : IApiKeyStore
{
    private const string Partition = "keys";
    private const string InitializedRow = "initialized";
    private const string FirstKeyColumn = "FirstKey";

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

    public async IAsyncEnumerable<ApiKeyRecord> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in QueryAsync(KeyRow.Range, null, cancellationToken).ConfigureAwait(false))
            yield return KeyRow.Read(table.Name, row);
    }

    public async Task<IReadOnlyList<KeyId>> ReadChangesAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var changed = new HashSet<KeyId>();
        await foreach (var row in QueryAsync(ChangeRow.Since(since), [nameof(TableEntity.PartitionKey), nameof(TableEntity.RowKey)], cancellationToken)
            .ConfigureAwait(false))
        {
            changed.Add(ChangeRow.IdOf(table.Name, row));
        }

        return [.. changed];
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

    /// <summary>The record's write and the feed's line, both or none.</summary>
    /// <returns>False if the record was there before, or is another one by now, or is gone.</returns>
    private async Task<bool> SubmitAsync(TableTransactionAction write, KeyId id, CancellationToken cancellationToken)
    {
        var line = new TableEntity(Partition, ChangeRow.KeyOf(time.GetUtcNow(), id));
        try
        {
            // The line is an upsert: two changes of one key in one tick share it.
            await TableCall.OfAsync(
                table,
                "written to",
                ct => table.SubmitTransactionAsync([write, new(TableTransactionActionType.UpsertReplace, line)], ct),
                cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException e) when (e.Status is 409 or 412)
        {
            return false;
        }
        catch (StoreUnavailableException e) when (e.InnerException is RequestFailedException { Status: 404 } missing
            && missing.ErrorCode == TableErrorCode.ResourceNotFound)
        {
            return false;
        }
    }

    private async IAsyncEnumerable<TableEntity> QueryAsync(
        (string From, string Before) range, string[]? columns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {Partition} and RowKey ge {range.From} and RowKey lt {range.Before}");
        await using var rows = table.QueryAsync<TableEntity>(filter, null, columns, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await TableCall.OfAsync(table, "read from", _ => rows.MoveNextAsync().AsTask(), cancellationToken).ConfigureAwait(false))
            yield return rows.Current;
    }
}
