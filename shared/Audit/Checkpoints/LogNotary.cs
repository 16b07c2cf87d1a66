using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;
using Proofgate.Audit.Tiles;

namespace Proofgate.Audit.Checkpoints;

/// <summary>
/// Signs one log. The newest signed checkpoint is read first, and a tree is signed only if it was proven to go on from that one; all its files
/// are there before.
/// </summary>
internal sealed class LogNotary(IEvidenceStore store, string log, string origin, ILeafSource leaves)
{
    private readonly LogFiles _files = new(store, log);

    internal CheckpointFiles Checkpoints => new(store, _files, origin);

    /// <summary>Brings the evidence to <paramref name="size"/> leaves with root <paramref name="root"/>.</summary>
    /// <returns>The checkpoint that is the newest then.</returns>
    /// <exception cref="EvidenceDamagedException">The tree does not go on from what was signed, or evidence differs from the leaves.</exception>
    internal async Task<SignedCheckpoint> SignAsync(
        long size, MerkleHash root, ILogSigner signer, IReadOnlyCollection<VerifierKey> keys, CancellationToken cancellationToken)
    {
        var newest = await Checkpoints.NewestAsync(keys, cancellationToken).ConfigureAwait(false);
        var (oldSize, oldRoot) = newest is null ? (0, MerkleHash.Of([])) : (newest.Size, newest.Checkpoint.Root);
        if (newest is not null && size < oldSize)
            throw new EvidenceDamagedException($"{log} has {size} leaves and {oldSize} are signed: its tail is missing. Nothing is signed until it is there again.");
        if (newest is not null && size == oldSize)
            return root == oldRoot ? newest : throw Rewritten(size);
        var deriver = new TileDeriver(store, _files, leaves);
        await deriver.DeriveAsync(oldSize, size, cancellationToken).ConfigureAwait(false);
        var tree = new TileTree(deriver, size);
        if (await tree.RootAsync(cancellationToken).ConfigureAwait(false) != root)
            throw new EvidenceDamagedException($"The leaves of {log} do not give the root of its head at {size}. Run proofgate audit verify.");
        var proof = await tree.ConsistencyAsync(oldSize, cancellationToken).ConfigureAwait(false);
        if (oldSize > 0 && !MerkleProof.VerifyConsistency(oldSize, size, oldRoot, root, proof))
            throw Rewritten(oldSize);
        return await Checkpoints.SignAsync(new Checkpoint(origin, size, root), signer, keys, cancellationToken).ConfigureAwait(false);
    }

    private EvidenceDamagedException Rewritten(long size) =>
        new($"{log} does not go on from its signed checkpoint of {size} leaves: it was rewritten. Nothing more is signed.");
}
