using System.Buffers.Binary;
using System.Collections.Concurrent;
using Proofgate.Audit.Cosigning;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tenants;
using Proofgate.Audit.Tiles;

namespace Proofgate.Audit.Checkpoints;

/// <summary>
/// What a gateway gives out of the evidence: checkpoints, files, and receipts. An event is found by the time in its id: the ids of 256 leaves are one
/// file, and leaves stand nearly in the order of their time.
/// </summary>
public sealed class EvidenceReader(
    IEvidenceStore store, ILedgerTable table, LogOrigin origin, TimeProvider time, IReadOnlyList<WitnessEndpoint> witnesses)
{
    /// <summary>Id tiles looked at on each side of where an event should be: 10,000 events.</summary>
    private const int Reach = 40;

    private const int MaxHeld = 1024;

    /// <summary>How long a missing event may yet come. A publisher gives up long before; a ledger that was away may still be behind.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(1);

    /// <summary>How long a checkpoint is served again without a look at the store.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<(string Log, long Index), byte[]> _ids = new();
    private readonly ConcurrentDictionary<string, (long At, byte[]? Bytes)> _newest = new(StringComparer.Ordinal);

    /// <summary>The newest checkpoint of a log, with the cosignatures of the configured witnesses that are there for it; or null.</summary>
    public async Task<byte[]?> CheckpointAsync(string log, CancellationToken cancellationToken)
    {
        if (!origin.Has(log))
            return null;
        if (_newest.TryGetValue(log, out var held) && time.GetElapsedTime(held.At) < Fresh)
            return held.Bytes;
        var at = time.GetTimestamp();
        var bytes = await new CheckpointFiles(store, new LogFiles(store, log), origin.Of(log)).NewestBytesAsync(cancellationToken).ConfigureAwait(false);
        if (bytes is not null && witnesses.Count > 0 && SizeOf(bytes) is { } size)
            bytes = await new CosignedFiles(store, log).WithCosignaturesAsync(bytes, size, witnesses, cancellationToken).ConfigureAwait(false);
        // Only logs that exist are remembered: their number is the operator's.
        if (bytes is not null)
            _newest[log] = (at, bytes);
        return bytes;
    }

    /// <summary>A file of a log, or null.</summary>
    public async Task<byte[]?> FileAsync(string log, TileId tile, CancellationToken cancellationToken) => origin.Has(log)
        ? await store.ReadAsync(new LogFiles(store, log).PathOf(tile), EntryBundle.MaxBytes, cancellationToken).ConfigureAwait(false)
        : null;

    /// <summary>The logs that have a checkpoint, each with its newest; the super-log is none of them.</summary>
    public async Task<IReadOnlyList<LogHead>> HeadsAsync(CancellationToken cancellationToken)
    {
        var heads = new List<LogHead>();
        await foreach (var log in HubLogs.ReadAsync(table, origin, cancellationToken).ConfigureAwait(false))
        {
            if (await CheckpointAsync(log, cancellationToken).ConfigureAwait(false) is { } bytes
                && SignedNote.TryParse(bytes, out var note) && Checkpoint.TryParse(note.Text.Span, out var checkpoint))
            {
                heads.Add(new LogHead(log, checkpoint.Size, checkpoint.Root));
            }
        }

        return heads;
    }

    /// <summary>Changes of the log's key, oldest first, each as the note that both keys have signed.</summary>
    public IAsyncEnumerable<(long Leaf, byte[] Note)> KeyChangesAsync(CancellationToken cancellationToken) => KeyChangeFiles.ReadAsync(store, origin, cancellationToken);

    /// <summary>What of a log is a tenant's, as a checkpoint of that size has it, or the newest.</summary>
    /// <returns>Null if there is no such checkpoint.</returns>
    public Task<TenantView?> OfTenantAsync(string log, string tenant, long? size, CancellationToken cancellationToken) =>
        TenantView.OpenAsync(store, origin, log, tenant, size, cancellationToken);

    /// <summary>Whether a decision is recorded, and is a tenant's.</summary>
    public async ValueTask<bool> OwnsAsync(string tenant, AuditId decision, CancellationToken cancellationToken) =>
        await FindAsync(decision, cancellationToken).ConfigureAwait(false) is ReceiptSearch.Found found
        && EventReader.Read(found.Leaf.Span, out _) is { Event: DecisionEvent read } && Tenancy.Of(read) == tenant;

    public async Task<ReceiptSearch> FindAsync(AuditId id, CancellationToken cancellationToken)
    {
        if (id.Value.Version != 7)
            return new ReceiptSearch.Unknown();
        var bytes = new byte[IdTile.IdBytes];
        id.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        await foreach (var log in HubLogs.ReadAsync(table, origin, cancellationToken).ConfigureAwait(false))
        {
            if (await FindAsync(log, bytes, cancellationToken).ConfigureAwait(false) is { } found)
                return found;
        }

        var age = time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(MillisecondsOf(bytes));
        return age < Patience && age > -Ahead ? new ReceiptSearch.Pending() : new ReceiptSearch.Unknown();
    }

    private async Task<ReceiptSearch?> FindAsync(string log, byte[] id, CancellationToken cancellationToken)
    {
        if (await CheckpointAsync(log, cancellationToken).ConfigureAwait(false) is not { } bytes
            || SizeOf(bytes) is not { } size)
        {
            return null;
        }

        var files = new LogFiles(store, log);
        var place = await FindInTailAsync(files, size, id, cancellationToken).ConfigureAwait(false)
            ?? await FindInTilesAsync(log, size / TileId.FullWidth, id, cancellationToken).ConfigureAwait(false);
        if (place is not { } index)
            return null;
        (bytes, size) = await ForReceiptAsync(files, index, bytes, size, cancellationToken).ConfigureAwait(false);
        var bundle = index / TileId.FullWidth;
        var entries = await files.TryEntriesAsync(bundle, TileId.WidthIn(size, 0, bundle), cancellationToken).ConfigureAwait(false)
            ?? throw new EvidenceDamagedException($"The leaves of {log} around {index} are missing.");
        var leaf = entries[(int)(index % TileId.FullWidth)];
        var tree = new TileTree(files, size);
        var path = await tree.InclusionAsync(index, cancellationToken).ConfigureAwait(false);
        return CheckpointOf(bytes) is { } signed && MerkleProof.VerifyInclusion(index, size, MerkleHash.OfLeaf(leaf.Span), path, signed.Root)
            ? new ReceiptSearch.Found(log, new TlogProof(leaf, index, path, bytes))
            : throw new EvidenceDamagedException($"Leaf {index} of {log} does not lead to its checkpoint of {size} leaves.");
    }

    /// <summary>
    /// A receipt is kept for long, so it takes the newest checkpoint that a witness has cosigned, where that one covers the event: the very newest is cosigned
    /// a little later than it is signed.
    /// </summary>
    private async Task<(byte[] Bytes, long Size)> ForReceiptAsync(LogFiles files, long index, byte[] newest, long size, CancellationToken cancellationToken)
    {
        var cosigned = new CosignedFiles(store, files.Log);
        var highest = 0L;
        foreach (var witness in witnesses)
            highest = Math.Max(highest, await cosigned.HighestAsync(witness.Key, cancellationToken).ConfigureAwait(false));
        if (highest <= index || highest >= size
            || await store.ReadAsync(files.CheckpointPath(highest), SignedNote.MaxBytes, cancellationToken).ConfigureAwait(false) is not { } bytes || SizeOf(bytes) != highest)
        {
            return (newest, size);
        }

        return (await cosigned.WithCosignaturesAsync(bytes, highest, witnesses, cancellationToken).ConfigureAwait(false), highest);
    }

    private static long? SizeOf(byte[] bytes) => CheckpointOf(bytes)?.Size;

    private static Checkpoint? CheckpointOf(byte[] bytes) =>
        SignedNote.TryParse(bytes, out var note) && Checkpoint.TryParse(note.Text.Span, out var checkpoint) ? checkpoint : null;

    private static async Task<long?> FindInTailAsync(LogFiles files, long size, byte[] id, CancellationToken cancellationToken)
    {
        var index = size / TileId.FullWidth;
        if (TileId.WidthIn(size, 0, index) is not (var width and > 0)
            || await files.TryEntriesAsync(index, width, cancellationToken).ConfigureAwait(false) is not { } entries)
        {
            return null;
        }

        for (var i = 0; i < entries.Count; i++)
        {
            if (EventEnvelope.TryRead(entries[i].Span, out var envelope) && envelope.Id.Value == new Guid(id, bigEndian: true))
                return (index * TileId.FullWidth) + i;
        }

        return null;
    }

    private async Task<long?> FindInTilesAsync(string log, long count, byte[] id, CancellationToken cancellationToken)
    {
        var wanted = MillisecondsOf(id);
        var (low, high) = (0L, count);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (BeginOf(await IdsAsync(log, middle, cancellationToken).ConfigureAwait(false)) <= wanted)
                low = middle + 1;
            else
                high = middle;
        }

        for (var step = 0; step <= 2 * Reach; step++)
        {
            var tile = low - 1 + (step % 2 == 0 ? -step / 2 : (step + 1) / 2);
            if (tile < 0 || tile >= count || await IdsAsync(log, tile, cancellationToken).ConfigureAwait(false) is not { } ids)
                continue;
            for (var at = 0; at < ids.Length; at += IdTile.IdBytes)
            {
                if (ids.AsSpan(at, IdTile.IdBytes).SequenceEqual(id))
                    return (tile * TileId.FullWidth) + (at / IdTile.IdBytes);
            }
        }

        return null;
    }

    private async ValueTask<byte[]?> IdsAsync(string log, long index, CancellationToken cancellationToken)
    {
        if (_ids.TryGetValue((log, index), out var ids))
            return ids;
        var tile = new TileId(TileKind.Ids, 0, index, TileId.FullWidth);
        ids = await store.ReadAsync(new LogFiles(store, log).PathOf(tile), IdTile.MaxBytes, cancellationToken).ConfigureAwait(false);
        if (ids is not { Length: IdTile.MaxBytes })
            return null;
        if (_ids.Count >= MaxHeld)
            _ids.Clear();
        _ids[(log, index)] = ids;
        return ids;
    }

    /// <summary>The time of the first event in it; a tile without events sorts first.</summary>
    private static long BeginOf(byte[]? ids)
    {
        for (var at = 0; ids is not null && at < ids.Length; at += IdTile.IdBytes)
        {
            if (MillisecondsOf(ids.AsSpan(at)) is var begin and > 0)
                return begin;
        }

        return 0;
    }

    private static long MillisecondsOf(ReadOnlySpan<byte> id) => (long)(BinaryPrimitives.ReadUInt64BigEndian(id) >> 16);
}
