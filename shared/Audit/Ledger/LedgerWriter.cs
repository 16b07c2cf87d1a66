using Microsoft.Extensions.Logging;
using Proofgate.Audit.Events;
using Proofgate.Audit.Streaming;

namespace Proofgate.Audit.Ledger;

/// <summary>
/// Appends one stream partition to its log, by inserts only. The row key is the lock: of two writers that extend the same size one collides,
/// reads the head again and goes on from there. Which bytes stand at which index is a function of the stream alone, so it does not matter who
/// wins. Not for concurrent use.
/// </summary>
public sealed class LedgerWriter
{
    /// <summary>How long a source may be idle: the longest retention of the streams in use here and a day.</summary>
    internal static readonly TimeSpan SourceExpiry = TimeSpan.FromDays(8);

    /// <summary>Each attempt that fails has seen another writer succeed; more than these have seen damage.</summary>
    private const int MaxAttempts = 64;

    private readonly ILedgerTable _table;
    private readonly string _hub;
    private readonly int _partition;
    private readonly StreamIdentity _stream;
    private readonly IStreamHistory _streamHistory;
    private readonly LedgerHistory _history;
    private readonly LedgerInsertion _insertion;
    private readonly RowByRow _rowByRow;
    private readonly ILogger _log;

    /// <summary>Null while what the table holds is not known.</summary>
    private LogState? _state;

    /// <summary>Where the last transaction collided. If the head still stands there, an orphan is in the way, and is adopted row by row.</summary>
    private (LogName Log, long Size)? _collided;

    private LedgerWriter(
        ILedgerTable table, string hub, int partition, StreamIdentity stream, IStreamHistory streamHistory, LedgerInsertion insertion, ILogger log)
    {
        _table = table;
        _hub = hub;
        _partition = partition;
        _stream = stream with { CreatedAt = new DateTimeOffset(stream.CreatedAt.UtcTicks / 10 * 10, TimeSpan.Zero) };
        _streamHistory = streamHistory;
        _history = new LedgerHistory(table);
        _insertion = insertion;
        _rowByRow = new RowByRow(table);
        _log = log;
    }

    /// <summary>The log that is being written.</summary>
    public LogName Log => Known.Name;

    public long Size => Known.Tree.Size;

    public MerkleHash Root => Known.Tree.Root();

    /// <summary>First sequence number that the ledger does not account for.</summary>
    public long NextSequence => Known.Committed;

    private LogState Known => _state ?? throw new InvalidOperationException("The ledger's head is not known; append or reopen first.");

    /// <summary>Finds the head of a partition's log, opening its first or its next epoch where that is due.</summary>
    /// <exception cref="LedgerUnavailableException">Try again.</exception>
    /// <exception cref="LedgerDamagedException">Do not.</exception>
    public static async Task<LedgerWriter> OpenAsync(
        ILedgerTable table, string hub, int partition, StreamIdentity stream, IStreamHistory history, LedgerInsertion insertion, ILogger logger,
        CancellationToken cancellationToken)
    {
        var writer = new LedgerWriter(table, hub, partition, stream, history, insertion, logger);
        await writer.StateAsync(cancellationToken).ConfigureAwait(false);
        return writer;
    }

    /// <summary>
    /// Appends records in the order given and completes when all are committed. After an exception the same records may be given again:
    /// what the ledger holds is dropped.
    /// </summary>
    public async Task AppendAsync(IReadOnlyList<StreamRecord> records, CancellationToken cancellationToken)
    {
        var work = new List<StreamRecord>(records);
        try
        {
            for (var done = 0; done < work.Count;)
            {
                var state = await StateAsync(cancellationToken).ConfigureAwait(false);
                var commit = NewCommit(state);
                var planned = await PlanAsync(state, commit, work, done, cancellationToken).ConfigureAwait(false);
                if (commit.IsEmpty || await InsertAsync(commit, cancellationToken).ConfigureAwait(false))
                    done = planned;
            }
        }
        catch
        {
            // What was planned may be committed or not; only the table knows.
            _state = null;
            throw;
        }
    }

    /// <summary>Plans one transaction, beginning with <paramref name="at"/>; returns the place after the last record in it.</summary>
    private async Task<int> PlanAsync(LogState state, CommitBuilder commit, List<StreamRecord> work, int at, CancellationToken cancellationToken)
    {
        var searched = state.NextSequence;
        while (at < work.Count && commit.HasRoomFor(work[at]))
        {
            var record = work[at];
            if (record.Sequence < state.NextSequence)
            {
                if (await IsKnownAsync(state, record, cancellationToken).ConfigureAwait(false))
                {
                    at++;
                    continue;
                }

                if (commit.IsEmpty)
                    await RewindAsync(record.Sequence, cancellationToken).ConfigureAwait(false);
                return at;
            }

            if (record.Sequence > state.NextSequence)
            {
                if (searched < record.Sequence)
                {
                    var again = await _streamHistory.ReadAgainAsync(_partition, state.NextSequence, record.Sequence, cancellationToken).ConfigureAwait(false);
                    work.InsertRange(at, again);
                    searched = again.Count > 0 ? again[^1].Sequence + 1 : record.Sequence;
                    continue;
                }

                AddGap(state, commit, record.Sequence - 1);
                if (commit.IsSingle)
                    return at;
            }

            await AddAsync(state, commit, record, cancellationToken).ConfigureAwait(false);
            at++;
        }

        return at;
    }

    private async ValueTask AddAsync(LogState state, CommitBuilder commit, StreamRecord record, CancellationToken cancellationToken)
    {
        var (body, sequence) = (record.Body, record.Sequence);
        if (body.Length is 0 or > LedgerColumns.MaxSplitBytes)
        {
            commit.AddLeaf(new WriterLeaf.Unstored(body.Length, MerkleHash.Of(body.Span)), sequence);
            _log.LedgerOpaque(state.Name.ToString(), sequence);
            state.NextSequence = sequence + 1;
            return;
        }

        var hash = MerkleHash.OfLeaf(body.Span);
        if (!EventEnvelope.TryRead(body.Span, out var envelope))
        {
            commit.AddLeaf(new WriterLeaf.Opaque(body.Length), sequence);
            _log.LedgerOpaque(state.Name.ToString(), sequence);
        }
        else
        {
            var verdict = state.Sources.Judge(envelope, hash);
            if (verdict == SourceVerdict.Older)
            {
                var held = await _history.FindAsync(state, envelope.Source, envelope.Number, cancellationToken).ConfigureAwait(false);
                verdict = held == hash ? SourceVerdict.Redelivery : SourceVerdict.Conflict;
            }

            if (verdict == SourceVerdict.Redelivery)
            {
                state.AddRedelivered(sequence);
                return;
            }

            if (verdict == SourceVerdict.Conflict)
            {
                var highest = state.Sources.Find(envelope.Source)?.Number ?? 0;
                commit.AddLeaf(new WriterLeaf.Conflict(envelope.Source, envelope.Number, highest), sequence);
                _log.LedgerConflict(state.Name.ToString(), sequence);
            }
            else
            {
                state.Sources.Appended(envelope, hash, state.Tree.Size);
                _history.Remember(envelope.Source, envelope.Number, hash);
            }
        }

        commit.AddLeaf(body.Span, hash, sequence);
        _history.Remember(sequence, hash);
        state.NextSequence = sequence + 1;
    }

    private void AddGap(LogState state, CommitBuilder commit, long last)
    {
        _log.LedgerGap(state.Name.ToString(), state.NextSequence, last);
        state.Sources.Broken = state.Tree.Size;
        commit.AddLeaf(new WriterLeaf.Gap(state.NextSequence, last), last);
        state.NextSequence = last + 1;
    }

    /// <summary>Whether a record whose sequence number is accounted for is the one that was seen then.</summary>
    private async ValueTask<bool> IsKnownAsync(LogState state, StreamRecord record, CancellationToken cancellationToken)
    {
        if (record.Sequence < state.Opening.From || record.Body.Length is 0 or > LedgerColumns.MaxSplitBytes)
            return true;
        var held = await _history.FindAsync(state, record.Sequence, cancellationToken).ConfigureAwait(false);
        return held is null || held == MerkleHash.OfLeaf(record.Body.Span);
    }

    /// <summary>A known sequence number came with other bytes: the stream was set back, and what follows is another history.</summary>
    private async Task RewindAsync(long sequence, CancellationToken cancellationToken)
    {
        await CloseAsync(Known, new WriterLeaf.Closed("rewound", _stream, sequence), cancellationToken).ConfigureAwait(false);
        _state = null;
    }

    private async Task CloseAsync(LogState state, WriterLeaf.Closed closed, CancellationToken cancellationToken)
    {
        var commit = NewCommit(state);
        // Redelivered records that no commit accounts for belong to nobody now; the next epoch reads them or does not.
        state.Redelivered.Clear();
        state.NextSequence = state.Committed;
        commit.AddLeaf(closed, state.Committed - 1);
        await InsertAsync(commit, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The state of the newest epoch, read if it is not known, after opening whatever is due.</summary>
    private async Task<LogState> StateAsync(CancellationToken cancellationToken)
    {
        for (var attempts = 0; _state is null; attempts++)
        {
            if (attempts == MaxAttempts)
                throw new LedgerDamagedException($"The log of {_hub}, partition {_partition}, has rows but no head that can be continued. Run proofgate audit verify.");
            _history.Clear();
            var newest = await LogStateReader.NewestAsync(_table, _hub, _partition, cancellationToken).ConfigureAwait(false);
            var state = newest is { } name ? await LogStateReader.LoadAsync(_table, name, cancellationToken).ConfigureAwait(false) : null;
            if (state is null && newest is { Epoch: > 0 } begun)
            {
                // Its opening stands and its commit row does not: it is derived again from the epoch before.
                state = await LogStateReader.LoadAsync(_table, begun with { Epoch = begun.Epoch - 1 }, cancellationToken).ConfigureAwait(false);
                if (state?.Closed is null)
                    throw new LedgerDamagedException($"{begun} has begun and the epoch before it has no end. Run proofgate audit verify.");
            }

            if (state is null)
                await OpenEpochAsync(newest ?? new LogName(_hub, _partition, 0), _stream, 0, "opened", null, cancellationToken).ConfigureAwait(false);
            else if (state.Closed is { } closed)
                await OpenEpochAsync(state.Name.NextEpoch(), closed.NextStream, closed.NextFrom, closed.Cause, state, cancellationToken).ConfigureAwait(false);
            else if (state.Opening.Stream == _stream)
                _state = state;
            else if (_stream.IsNewerThan(state.Opening.Stream))
                await CloseAsync(state, new WriterLeaf.Closed("recreated", _stream, 0), cancellationToken).ConfigureAwait(false);
            else
                throw new LedgerDamagedException($"{state.Name} belongs to a newer stream than this writer's. Point the writer at that stream.");
        }

        return _state!;
    }

    private async Task OpenEpochAsync(
        LogName name, StreamIdentity stream, long from, string cause, LogState? previous, CancellationToken cancellationToken)
    {
        var opening = new WriterLeaf.Epoch(
            name, stream, from, (long)SourceExpiry.TotalSeconds, cause, previous?.Tree.Size, previous?.Tree.Root());
        var state = LogState.New(name, opening);
        if (previous is not null)
            state.Sources.Broken = 0;
        var commit = NewCommit(state);
        commit.AddLeaf(opening, from - 1);
        if (await InsertAsync(commit, cancellationToken).ConfigureAwait(false))
            _log.EpochOpened(name.Epoch == 0 ? LogLevel.Information : LogLevel.Warning, name, name.Epoch, cause);
    }

    private CommitBuilder NewCommit(LogState state) =>
        new(state, single: _insertion == LedgerInsertion.RowByRow || _collided == (state.Name, state.Tree.Size));

    /// <returns>False if another writer was first: the state is then unknown.</returns>
    private async Task<bool> InsertAsync(CommitBuilder commit, CancellationToken cancellationToken)
    {
        var (rows, log, size) = (commit.Seal(), commit.Log, commit.SizeBefore);
        var inserting = commit.IsSingle
            ? _rowByRow.InsertAsync(rows[0].PartitionKey, rows, cancellationToken)
            : _table.InsertAsync(rows[0].PartitionKey, rows, cancellationToken);
        if (await inserting.ConfigureAwait(false) == LedgerInsert.Inserted)
            return true;
        _collided = (log, size);
        _log.LedgerCollision(rows[0].PartitionKey);
        _state = null;
        return false;
    }
}
