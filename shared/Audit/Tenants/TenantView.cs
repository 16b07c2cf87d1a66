using System.Runtime.CompilerServices;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tiles;

namespace Proofgate.Audit.Tenants;

/// <summary>
/// One log as one signed checkpoint has it, and what of it is a tenant's. What cannot be read, and what the log's writer flagged, is nobody's. Nothing of
/// another tenant leaves here but hashes, which are public.
/// </summary>
public sealed class TenantView
{
    private readonly LogFiles _files;
    private readonly string _tenant;
    private readonly Checkpoint _checkpoint;
    private readonly ReadOnlyMemory<byte> _note;

    /// <summary>Decisions that have been seen and whose outcome has not, and whether they are the tenant's.</summary>
    private readonly Dictionary<AuditId, bool> _open = [];

    private TenantView(LogFiles files, string tenant, Checkpoint checkpoint, ReadOnlyMemory<byte> note) =>
        (_files, _tenant, _checkpoint, _note) = (files, tenant, checkpoint, note);

    public string Log => _files.Log;

    public long Size => _checkpoint.Size;

    /// <summary>Opens a log at its newest checkpoint, or at an older one.</summary>
    /// <returns>Null if there is no such checkpoint.</returns>
    public static async Task<TenantView?> OpenAsync(
        IEvidenceStore store, LogOrigin origin, string log, string tenant, long? size, CancellationToken cancellationToken)
    {
        if (!origin.Has(log) || log == origin.SuperLog)
            return null;
        var files = new LogFiles(store, log);
        var note = size is { } at
            ? await store.ReadAsync(files.CheckpointPath(at), SignedNote.MaxBytes, cancellationToken).ConfigureAwait(false)
            : await new CheckpointFiles(store, files, origin.Of(log)).NewestBytesAsync(cancellationToken).ConfigureAwait(false);
        return note is not null && SignedNote.TryParse(note, out var signed) && Checkpoint.TryParse(signed.Text.Span, out var checkpoint)
            && checkpoint.Origin == origin.Of(log) && (size is null || checkpoint.Size == size)
            ? new TenantView(files, tenant, checkpoint, note)
            : null;
    }

    /// <summary>The tenant's events from one place to before another.</summary>
    /// <param name="from">First place.</param>
    /// <param name="before">The place after the last.</param>
    /// <param name="owns">Whether a decision that is not seen on the way is the tenant's.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="EvidenceDamagedException">A leaf is missing, or does not lead to the checkpoint.</exception>
    public async IAsyncEnumerable<TenantEvent> ReadAsync(
        long from, long before, Func<AuditId, CancellationToken, ValueTask<bool>> owns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tree = new TileTree(_files, Size);
        await foreach (var (index, leaf, read) in EventsAsync(from, before, cancellationToken).ConfigureAwait(false))
        {
            var isOwn = read.Event switch
            {
                OutcomeEvent { CorrelationId: { } decision } => _open.Remove(decision, out var known) ? known : index >= from && await owns(decision, cancellationToken).ConfigureAwait(false),
                var other => Tenancy.Of(other) == _tenant,
            };
            if (read.Event is DecisionEvent)
                _open[read.Event.Id] = isOwn;
            if (!isOwn || index < from)
                continue;
            var path = await tree.InclusionAsync(index, cancellationToken).ConfigureAwait(false);
            if (!MerkleProof.VerifyInclusion(index, Size, MerkleHash.OfLeaf(leaf.Span), path, _checkpoint.Root))
                throw new EvidenceDamagedException($"Leaf {index} of {Log} does not lead to its checkpoint of {Size} leaves.");
            yield return new TenantEvent(index, read.Event.Id, (read.Event as OutcomeEvent)?.CorrelationId, new TlogProof(leaf, index, path, _note));
        }
    }

    /// <summary>Ids of all the tenant's decisions, for outcomes that stand elsewhere.</summary>
    public async IAsyncEnumerable<AuditId> DecisionsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (_, _, read) in EventsAsync(0, Size, cancellationToken).ConfigureAwait(false))
        {
            if (read.Event is DecisionEvent && Tenancy.Of(read.Event) == _tenant)
                yield return read.Event.Id;
        }
    }

    /// <summary>Events, with those of the bundle before the first, in which the decisions of its outcomes mostly are.</summary>
    private async IAsyncEnumerable<(long Index, ReadOnlyMemory<byte> Leaf, ReadEvent Read)> EventsAsync(
        long from, long before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var leaves = new EventLeaves();
        for (var at = Math.Max(0, (from / TileId.FullWidth) - 1) * TileId.FullWidth; at < Math.Min(before, Size);)
        {
            var bundle = at / TileId.FullWidth;
            var entries = await _files.TryEntriesAsync(bundle, TileId.WidthIn(Size, 0, bundle), cancellationToken).ConfigureAwait(false)
                ?? throw new EvidenceDamagedException($"The leaves of {Log} around {at} are missing.");
            for (var i = 0; i < entries.Count && at < before; i++, at++)
            {
                if (leaves.Read(entries[i].Span) is { } read)
                    yield return (at, entries[i], read);
            }
        }
    }
}
