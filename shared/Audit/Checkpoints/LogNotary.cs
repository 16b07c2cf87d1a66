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
    /// <param name="size">Leaves.</param>
    /// <param name="root">Their root.</param>
    /// <param name="signed">What the table remembers of the newest checkpoint, if anything.</param>
    /// <param name="restored">Called where that checkpoint was gone and is signed again.</param>
    /// <param name="signer">Who signs.</param>
    /// <param name="keys">Under which keys checkpoints may be signed.</param>
    /// <param name="cancellationToken">Ends it; what is done stays done.</param>
    /// <returns>The checkpoint that is the newest then.</returns>
    /// <exception cref="EvidenceDamagedException">The tree does not go on from what was signed, or evidence differs from the leaves.</exception>
    internal async Task<SignedCheckpoint> SignAsync(
        long size, MerkleHash root, SignedRow? signed, Action<long> restored, ILogSigner signer, IReadOnlyCollection<VerifierKey> keys,
        CancellationToken cancellationToken)
    {
        var newest = await Checkpoints.NewestAsync(keys, cancellationToken).ConfigureAwait(false);
        if (signed is { Root: { } signedRoot } && signed.Size > (newest?.Size ?? 0))
        {
            if (size < signed.Size)
                throw new EvidenceDamagedException($"{log} has {size} leaves, {signed.Size} were signed, and their checkpoint is gone. Nothing is signed until the leaves are there again.");
            newest = await SignAsync(newest, signed.Size, signedRoot, signer, keys, cancellationToken).ConfigureAwait(false);
            restored(signed.Size);
        }

        return await SignAsync(newest, size, root, signer, keys, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Signs where the log goes on from <paramref name="newest"/>.</summary>
    internal async Task<SignedCheckpoint> SignAsync(
        SignedCheckpoint? newest, long size, MerkleHash root, ILogSigner signer, IReadOnlyCollection<VerifierKey> keys, CancellationToken cancellationToken)
    {
        var (oldSize, oldRoot) = newest is null ? (0, MerkleHash.Of([])) : (newest.Size, newest.Checkpoint.Root);
        if (newest is not null && size < oldSize)
            throw new EvidenceDamagedException($"{log} has {size} leaves and {oldSize} are signed: its tail is missing. Nothing is signed until it is there again.");
        if (newest is not null && size == oldSize)
            return root == oldRoot ? newest : throw Rewritten(size);
        var deriver = new TileDeriver(store, _files, leaves);
        await deriver.DeriveAsync(oldSize, size, cancellationToken).ConfigureAwait(false);
        var tree = new TileTree(deriver, size);
        if (await tree.RootAsync(cancellationToken).ConfigureAwait(false) != root)
            throw new EvidenceDamagedException($"The leaves of {log} do not give the root that its head or its signed checkpoint has at {size}. Run proofgate audit verify.");
        var proof = await tree.ConsistencyAsync(oldSize, cancellationToken).ConfigureAwait(false);
        if (oldSize > 0 && !MerkleProof.VerifyConsistency(oldSize, size, oldRoot, root, proof))
            throw Rewritten(oldSize);
        return await Checkpoints.SignAsync(new Checkpoint(origin, size, root), signer, keys, cancellationToken).ConfigureAwait(false);
    }

    private EvidenceDamagedException Rewritten(long size) =>
        new($"{log} does not go on from its signed checkpoint of {size} leaves: it was rewritten. Nothing more is signed.");
}
