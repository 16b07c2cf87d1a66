using Azure;
using Azure.Data.Tables;
using Proofgate.Audit;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Rows;

namespace Proofgate.AzureStores.Keys;

/// <summary>Subjects' wrapped data keys: one row each, spread over partitions by the first characters of the lookup, which is a keyed hash.</summary>
internal sealed class TableSubjectKeys(TableClient table) : ISubjectKeyStore
{
    private const int PartitionLength = 2;

    public async Task<SubjectKeyRecord?> FindAsync(string lookup, CancellationToken cancellationToken)
    {
        var row = await TableCall.FindAsync(table, PartitionOf(lookup), lookup, cancellationToken).ConfigureAwait(false);
        return row is null ? null : Read(row);
    }

    public async Task<bool> TryInsertAsync(SubjectKeyRecord record, CancellationToken cancellationToken)
    {
        var row = new RowWriter(PartitionOf(record.Lookup), record.Lookup)
            .Text("Generation", record.Generation)
            .Binary("WrappedKey", record.WrappedKey)
            .Row;
        try
        {
            await TableCall.OfAsync(table, "written to", ct => table.AddEntityAsync(row, ct), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409)
        {
            return false;
        }
    }

    public async Task<bool> DeleteAsync(string lookup, CancellationToken cancellationToken)
    {
        var answer = await TableCall.OfAsync(
            table, "written to", ct => table.DeleteEntityAsync(PartitionOf(lookup), lookup, ETag.All, ct), cancellationToken).ConfigureAwait(false);
        return answer.Status != 404;
    }

    private SubjectKeyRecord Read(TableEntity row)
    {
        var reader = new RowReader(table.Name, row);
        var record = new SubjectKeyRecord(row.RowKey, reader.Text("Generation"), reader.Binary("WrappedKey"));
        reader.End();
        return record;
    }

    private static string PartitionOf(string lookup) => lookup.Length > PartitionLength
        ? lookup[..PartitionLength]
        : throw new ArgumentException("A subject's lookup is a base64url hash.", nameof(lookup));
}
