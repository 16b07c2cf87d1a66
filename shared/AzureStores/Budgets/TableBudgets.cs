using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure.Data.Tables;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Rows;
using Proofgate.Enforcement;

namespace Proofgate.AzureStores.Budgets;

/// <summary>
/// What instances have leased of each budget on each day: one row a budget and day, changed only from the state that was read. Row keys are digests, because
/// a budget's owner may be a person.
/// </summary>
internal sealed class TableBudgets(TableClient table, TimeProvider time) : IBudgetStore
{
    private const string LeasedColumn = "Leased";
    private const int Attempts = 20;

    /// <summary>For one call of <see cref="LeaseAsync"/>: a request waits for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Between attempts, at random up to this: those who collided must not collide again.</summary>
    private const int LongestPauseMilliseconds = 40;

    public async ValueTask<long> LeaseAsync(BudgetKey key, long needed, long wished, long limit, CancellationToken cancellationToken)
    {
        var lease = 0L;
        await ChangeAsync(key, leased => (lease = BudgetLease.Of(limit - leased, needed, wished)) == 0 ? null : leased + lease, cancellationToken).ConfigureAwait(false);
        return lease;
    }

    public async ValueTask ReturnAsync(BudgetKey key, long unspent, CancellationToken cancellationToken) =>
        await ChangeAsync(key, leased => Math.Max(0, leased - unspent), cancellationToken).ConfigureAwait(false);

    private async Task ChangeAsync(BudgetKey key, Func<long, long?> change, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var (partition, row) = (key.Day.ToString(RowReader.DayFormat, CultureInfo.InvariantCulture), RowKey(key));
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var stored = await TableCall.FindAsync(table, partition, row, either.Token).ConfigureAwait(false);
                if (change(stored is null ? 0 : Read(stored)) is not { } leased
                    || await TableCall.TryReplaceAsync(table, new RowWriter(partition, row).Number(LeasedColumn, leased).Row, stored, either.Token).ConfigureAwait(false))
                {
                    return;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(LongestPauseMilliseconds)), time, either.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is StoreUnavailableException or MalformedRowException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new BudgetUnavailableException($"Table '{table.Name}' does not say what is left of a budget.", e);
        }

        throw new BudgetUnavailableException($"Table '{table.Name}': too many instances change one budget at once.");
    }

    private long Read(TableEntity row)
    {
        var reader = new RowReader(table.Name, row);
        var leased = reader.Number(LeasedColumn);
        reader.End();
        return leased >= 0 ? leased : throw reader.Malformed($"column '{LeasedColumn}' is out of range");
    }

    private static string RowKey(BudgetKey key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key.Unit}/{key.Owner}")));
}
