using System.Text;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Promises;

/// <summary>
/// Holds a promise against a ledger. To claim that a record is missing takes looking at every one, so it reads the whole log up to its newest
/// commit row, as a verification does, unless it finds what it looks for before.
/// </summary>
public sealed class PromiseChecker(ILedgerTable table)
{
    /// <summary>Where <c>id</c> and <c>src</c> stand in every event.</summary>
    private const int IdAt = 13;
    private const int IdLength = 36;
    private const int SourceAt = IdAt + IdLength + 9;

    /// <summary>Opening events that claim the same source; one is the rule.</summary>
    private const int MaxKeys = 16;

    /// <exception cref="LedgerUnavailableException">The ledger could not be read.</exception>
    public async Task<PromiseVerdict> CheckAsync(AuditPromise promise, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var search = new Search(promise);
        var after = "";
        while (!search.IsOver && await table.NextPartitionAsync(after, cancellationToken).ConfigureAwait(false) is { } key)
        {
            after = key;
            if (LogName.TryParse(key, out var name) && name.ToString() == key)
                await SearchAsync(name, search, cancellationToken).ConfigureAwait(false);
        }

        return search.Verdict(now);
    }

    private async Task SearchAsync(LogName name, Search search, CancellationToken cancellationToken)
    {
        var (key, size) = (name.ToString(), 0L);
        await foreach (var row in table.ReadAsync(key, LedgerKeys.FirstCommit, LedgerKeys.AfterCommits, 1, cancellationToken).ConfigureAwait(false))
            LedgerKeys.TryCommit(row.RowKey, out size);
        await foreach (var row in table.ReadAsync(key, LedgerKeys.FirstEvent, LedgerKeys.Event(size), null, cancellationToken).ConfigureAwait(false))
        {
            if (EventRow.Read(row, out _) is { } leaf)
                search.See(name, leaf);
            if (search.IsOver)
                return;
        }
    }

    private sealed class Search(AuditPromise promise)
    {
        private readonly byte[] _id = Encoding.ASCII.GetBytes(promise.Id.ToString());
        private readonly byte[] _source = Encoding.ASCII.GetBytes(promise.Source.ToString());
        private readonly List<string> _keys = [];
        private PromiseVerdict.Kept? _kept;
        private bool _otherRecord;

        internal bool IsOver => _kept is not null && _keys.Count > 0;

        internal void See(LogName log, in EventRow leaf)
        {
            ReadOnlySpan<byte> body = leaf.Body;
            if (body.Length < SourceAt + SourceId.TextLength)
                return;
            var isIt = body.Slice(IdAt, IdLength).SequenceEqual(_id);
            if (!isIt && !body.Slice(SourceAt, SourceId.TextLength).SequenceEqual(_source))
                return;
            if (isIt && MerkleHash.OfLeaf(body) == promise.LeafHash)
                _kept ??= new PromiseVerdict.Kept(log, leaf.Index);
            else if (EventReader.Read(body, out _) is not { } read)
                return;
            else if (isIt)
                _otherRecord = true;
            else if (read is { Number: 1, Event: SourceEvent { Key: { } key } } && read.Source == promise.Source && _keys.Count < MaxKeys)
                _keys.Add(key);
        }

        internal PromiseVerdict Verdict(DateTimeOffset now)
        {
            if (_keys.Count > 0 && !_keys.Exists(promise.IsSignedBy))
                return new PromiseVerdict.BadSignature();
            if (_kept is not null)
                return _kept;
            if (now <= promise.Deadline)
                return new PromiseVerdict.NotDue();
            return _keys.Count > 0 ? new PromiseVerdict.Broken(_otherRecord) : new PromiseVerdict.Unvouched();
        }
    }
}
