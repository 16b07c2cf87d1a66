using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Models;
using Proofgate.AzureStores.Accounts;
using Proofgate.AzureStores.Rows;
using Proofgate.Enforcement;

namespace Proofgate.AzureStores.Sessions;

/// <summary>
/// Sessions by the day on which they end (partition) and the digest of caller and id (row). A row is changed only from the state that was read, and only by adding a label,
/// so no instance can undo what another has kept.
/// </summary>
internal sealed class TableSessions(TableClient table, TimeProvider time) : ISessionStore
{
    private const string LabelsColumn = "Labels";
    private const string EndsColumn = "Ends";
    private const int Attempts = 40;

    /// <summary>For one change: a request waits for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Between attempts, at random up to this: those who collided must not collide again.</summary>
    private const int LongestPauseMilliseconds = 40;

    public async ValueTask<SessionRecord?> FindAsync(SessionKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(key, cancellationToken).ConfigureAwait(false) is { } row ? Read(row) : null;
        }
        catch (Exception e) when (e is StoreUnavailableException or MalformedRowException)
        {
            throw new SessionUnavailableException($"Table '{table.Name}' does not say what a session has seen.", e);
        }
    }

    public async ValueTask CreateAsync(SessionKey key, SessionRecord record, CancellationToken cancellationToken)
    {
        try
        {
            await TableCall.OfAsync(table, "written to", ct => table.AddEntityAsync(RowOf(key, record), ct), cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException e) when (e.Status == 409 && e.ErrorCode == TableErrorCode.EntityAlreadyExists)
        {
            // A key is new by 128 random bits: it was written before the reply was lost.
        }
        catch (StoreUnavailableException e)
        {
            throw new SessionUnavailableException($"Table '{table.Name}' does not keep a session.", e);
        }
    }

    public async ValueTask<SessionRecord?> RaiseAsync(SessionKey key, string label, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                if (await ReadAsync(key, either.Token).ConfigureAwait(false) is not { } stored)
                    return null;
                var record = Read(stored);
                var raised = record.With(label);
                if (ReferenceEquals(raised, record) || await TableCall.TryReplaceAsync(table, RowOf(key, raised), stored, either.Token).ConfigureAwait(false))
                    return raised;
                await Task.Delay(TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(LongestPauseMilliseconds)), time, either.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is StoreUnavailableException or MalformedRowException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new SessionUnavailableException($"Table '{table.Name}' does not keep what a session has seen.", e);
        }

        throw new SessionUnavailableException($"Table '{table.Name}': too many instances raise one session at once.");
    }

    /// <summary>A day's name, in the order of days.</summary>
    internal static string PartitionOf(DateOnly day) => day.ToString(RowReader.DayFormat, CultureInfo.InvariantCulture);

    private Task<TableEntity?> ReadAsync(SessionKey key, CancellationToken cancellationToken) =>
        TableCall.FindAsync(table, PartitionOf(key.Day), key.Digest, cancellationToken);

    private SessionRecord Read(TableEntity row)
    {
        var reader = new RowReader(table.Name, row);
        var record = new SessionRecord(new HashSet<string>(reader.Texts(LabelsColumn), StringComparer.Ordinal), reader.Moment(EndsColumn));
        reader.End();
        return record.Labels.Count > 0 ? record : throw reader.Malformed($"column '{LabelsColumn}' is empty");
    }

    private static TableEntity RowOf(SessionKey key, SessionRecord record) => new RowWriter(PartitionOf(key.Day), key.Digest)
        .Texts(LabelsColumn, record.Labels.Order(StringComparer.Ordinal)).Moment(EndsColumn, record.Ends).Row;
}
