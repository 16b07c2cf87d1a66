using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Proofgate.AzureStores.Accounts;
using Proofgate.Identity;

namespace Proofgate.AzureStores.Proofs;

/// <summary>
/// Used proofs in tables (D14): partition by thumbprint prefix and minute, so that neither one busy key nor one busy minute is one partition.
/// A row is inserted and never changed. Without the day's table nothing is known, and that is an outage.
/// </summary>
internal sealed class TableProofReplays(StorageTables tables) : IProofReplayStore
{
    private const string AttemptColumn = "Attempt";

    public async Task<bool> TryInsertAsync(ProofUse use, CancellationToken cancellationToken)
    {
        var table = tables.Proofs(ReplayDay.Of(use.Issued));
        var attempt = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var row = new TableEntity(PartitionOf(use), use.Digest) { [AttemptColumn] = attempt };
        try
        {
            await TableCall.OfAsync(table, "written to", ct => table.AddEntityAsync(row, ct), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 409 && e.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            // A retry after a lost reply meets its own row, and is no replay.
            var stored = await TableCall.FindAsync(table, row.PartitionKey, row.RowKey, cancellationToken).ConfigureAwait(false);
            return stored?.GetString(AttemptColumn) == attempt;
        }
    }

    private static string PartitionOf(ProofUse use) =>
        use.Thumbprint[..2] + use.Issued.UtcDateTime.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);
}
