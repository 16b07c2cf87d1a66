using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Verification;

/// <summary>
/// Reads every row of every log and computes everything again: leaves, roots, frontiers, sequence numbers, counters, previous hashes and the
/// commit rows themselves. Needs no secret. Memory does not grow with the ledger, but with open decisions and live sources.
/// </summary>
public sealed class LedgerVerifier(ILedgerTable table)
{
    public async Task<VerificationReport> VerifyAsync(VerificationOptions? options, CancellationToken cancellationToken)
    {
        var tally = new VerificationTally(options ?? new VerificationOptions());
        LogName? previous = null;
        VerifiedLog? before = null;
        var after = "";
        try
        {
            while (await table.NextPartitionAsync(after, cancellationToken).ConfigureAwait(false) is { } key)
            {
                after = key;
                if (IsSuperLog(key))
                {
                    await SignedSizesAsync(key, tally, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                if (!LogName.TryParse(key, out var name) || name.ToString() != key)
                {
                    tally.Find(VerificationCode.BytesChanged, key, null, "A partition key that is never written.");
                    continue;
                }

                if (previous is null || previous.Value.NextEpoch() != name)
                    before = null;
                if (before is null && name.Epoch > 0)
                    tally.Find(VerificationCode.Missing, name, null, $"The epoch before {name} is missing.");
                else if (before is { Closed: false })
                    tally.Find(VerificationCode.Missing, before.Name, null, "The epoch has a successor but no closing leaf.");
                before = await new LogVerifier(table, name, before, tally).VerifyAsync(cancellationToken).ConfigureAwait(false);
                tally.Logs.Add(before);
                previous = name;
            }
        }
        catch (LedgerUnavailableException e)
        {
            tally.Find(VerificationCode.CannotRead, previous?.ToString() ?? "", null, $"The ledger cannot be read: {e.Message}");
        }

        return tally.ToReport();
    }

    /// <summary>The super-log has no leaves in the table, only sizes that were signed.</summary>
    private static bool IsSuperLog(string key) => key.EndsWith("-super", StringComparison.Ordinal) && AuditOptionsCheck.IsHubName(key[..^6]);

    private async Task SignedSizesAsync(string key, VerificationTally tally, CancellationToken cancellationToken)
    {
        await foreach (var row in table.ReadAsync(key, "", "\uffff", null, cancellationToken).ConfigureAwait(false))
        {
            tally.CountRow();
            if (SignedRow.Read(row, hasRoot: false, out var problem) is null)
                tally.Find(VerificationCode.BytesChanged, key, row.RowKey, $"The row of a signed size was changed: {problem}.");
        }
    }
}
