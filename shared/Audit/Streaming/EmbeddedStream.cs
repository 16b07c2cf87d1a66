using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Proofgate.Audit.Streaming;

/// <summary>
/// The audit stream of one process on its own disk: partitions as append-only files with a CRC for each record, flushed before a send
/// completes. One process at a time holds the folder.
/// </summary>
public sealed class EmbeddedStream : IAuditTransport, IStreamHistory, IAsyncDisposable
{
    private readonly FileStream _lock;
    private readonly PartitionLog[] _partitions;
    private readonly DiskBudget _budget;
    private readonly TimeSpan _retention;
    private readonly ILogger _log;

    /// <exception cref="EmbeddedStreamException">Another process holds the folder, or it cannot be used.</exception>
    public EmbeddedStream(IOptions<AuditOptions> options, TimeProvider time, ILogger<EmbeddedStream> logger)
    {
        var settings = options.Value;
        var folder = Path.GetFullPath(settings.DataPath);
        _log = logger;
        _retention = settings.Retention;
        _lock = TakeLock(folder);
        try
        {
            var manifest = StreamManifest.LoadOrCreate(folder, settings.Partitions, time);
            Identity = manifest.Identity;
            _budget = new DiskBudget(settings.MaxDiskBytes, folder);
            _partitions = new PartitionLog[manifest.Partitions];
            for (var i = 0; i < _partitions.Length; i++)
            {
                var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"p{i:D2}"));
                _partitions[i] = PartitionLog.Open(i, path, settings.SegmentBytes, _budget, time, logger);
            }
        }
        catch (Exception e)
        {
            _lock.Dispose();
            if (e is IOException or UnauthorizedAccessException)
                throw new EmbeddedStreamException($"The audit stream in {folder} cannot be opened: {e.Message}", e);
            throw;
        }
    }

    /// <summary>Random name and birth of this stream, kept in its folder: what binds a ledger's epoch to it.</summary>
    public StreamIdentity Identity { get; }

    public int Partitions => _partitions.Length;

    /// <summary>The partition of a key: the same for ever.</summary>
    public int PartitionOf(string partitionKey) =>
        (int)(Crc32C.Of(Encoding.UTF8.GetBytes(partitionKey)) % (uint)_partitions.Length);

    public Task SendAsync(string partitionKey, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken) =>
        AppendAsync(PartitionOf(partitionKey), events, cancellationToken);

    /// <summary>Appends a batch to one partition and completes with its first sequence number when it is durable.</summary>
    /// <exception cref="AuditUnavailableException">Surely not stored: no room, or the disk refused.</exception>
    public Task<long> AppendAsync(int partition, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken) =>
        _partitions[partition].AppendAsync(events, cancellationToken);

    public StreamRange RangeOf(int partition) => _partitions[partition].Range;

    /// <summary>When the newest record of a partition was written; null if it keeps none.</summary>
    public DateTimeOffset? LastAt(int partition) => _partitions[partition].LastAt;

    /// <summary>Bytes on disk, of all partitions.</summary>
    public long UsedBytes => _budget.Used;

    /// <summary>Records from a sequence number on, or from the first that is kept; waits for more until cancelled.</summary>
    public async IAsyncEnumerable<StreamRecord> ReadAsync(
        int partition, long fromSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var batch in ReadBatchesAsync(partition, fromSequence, 256, cancellationToken).ConfigureAwait(false))
        {
            foreach (var record in batch)
                yield return record;
        }
    }

    /// <summary>Like <see cref="ReadAsync"/>, in batches of what is there: one record at once if it is alone.</summary>
    public async IAsyncEnumerable<IReadOnlyList<StreamRecord>> ReadBatchesAsync(
        int partition, long fromSequence, int atMost, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var log = _partitions[partition];
        var reader = new PartitionReader(log, partition, fromSequence, _log);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var changed = log.Changed;
            var batch = reader.Next(atMost);
            if (batch.Count > 0)
                yield return batch;
            else
                await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public Task<IReadOnlyList<StreamRecord>> ReadAgainAsync(int partition, long from, long before, CancellationToken cancellationToken)
    {
        var reader = new PartitionReader(_partitions[partition], partition, from, _log);
        var records = reader.Next((int)Math.Min(before - from, 1000));
        return Task.FromResult<IReadOnlyList<StreamRecord>>([.. records.TakeWhile(r => r.Sequence < before)]);
    }

    /// <summary>The ledger holds all records of a partition up to <paramref name="throughSequence"/>; after the retention they may go.</summary>
    public void Release(int partition, long throughSequence) => _partitions[partition].Release(throughSequence, _retention);

    public async ValueTask DisposeAsync()
    {
        foreach (var partition in _partitions)
            await partition.DisposeAsync().ConfigureAwait(false);
        await _lock.DisposeAsync().ConfigureAwait(false);
    }

    private static FileStream TakeLock(string folder)
    {
        var path = Path.Combine(folder, "lock");
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmbeddedStreamException(
                $"The audit stream in {folder} cannot be locked ({e.Message}). If another gateway runs on it, stop that one or set {AuditOptions.Section}:{nameof(AuditOptions.DataPath)} to another folder.",
                e);
        }
    }
}
