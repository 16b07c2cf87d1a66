using Proofgate.Audit.Notes;
using Proofgate.Audit.Tiles;

namespace Proofgate.Audit.Checkpoints;

/// <summary>The checkpoints of one log, <c>checkpoints/{size}</c>. The highest is the newest.</summary>
public sealed class CheckpointFiles(IEvidenceStore store, LogFiles files, string origin)
{
    public string Origin => origin;

    /// <summary>The newest checkpoint as it is stored; null if there is none.</summary>
    public async Task<byte[]?> NewestBytesAsync(CancellationToken cancellationToken) =>
        await store.HighestAsync(files.CheckpointFolder, cancellationToken).ConfigureAwait(false) is { } size
            ? await store.ReadAsync(files.CheckpointPath(size), SignedNote.MaxBytes, cancellationToken).ConfigureAwait(false)
            : null;

    /// <summary>The newest checkpoint, signed by one of <paramref name="keys"/>.</summary>
    /// <exception cref="EvidenceDamagedException">There is one that is not, or that names another size than its file.</exception>
    internal async Task<SignedCheckpoint?> NewestAsync(IReadOnlyCollection<VerifierKey> keys, CancellationToken cancellationToken)
    {
        if (await store.HighestAsync(files.CheckpointFolder, cancellationToken).ConfigureAwait(false) is not { } size)
            return null;
        return await ReadAsync(size, keys, cancellationToken).ConfigureAwait(false)
            ?? throw new EvidenceDamagedException($"'{files.CheckpointPath(size)}' is not a checkpoint of {origin} under its keys.");
    }

    internal async Task<SignedCheckpoint?> ReadAsync(long size, IReadOnlyCollection<VerifierKey> keys, CancellationToken cancellationToken) =>
        await store.ReadAsync(files.CheckpointPath(size), SignedNote.MaxBytes, cancellationToken).ConfigureAwait(false) is { } bytes
        && SignedCheckpoint.TryOpen(bytes, origin, keys, out var signed) && signed.Size == size
            ? signed
            : null;

    /// <summary>Signs a checkpoint and stores it. Another of the same size that is there already must say the same.</summary>
    internal async Task<SignedCheckpoint> SignAsync(Checkpoint checkpoint, ILogSigner signer, IReadOnlyCollection<VerifierKey> keys, CancellationToken cancellationToken)
    {
        var note = await signer.SignNoteAsync(origin, checkpoint.ToText(), cancellationToken).ConfigureAwait(false);
        if (await store.InsertAsync(files.CheckpointPath(checkpoint.Size), note.ToBytes(), cancellationToken).ConfigureAwait(false))
            return new SignedCheckpoint(checkpoint, note);
        var held = await ReadAsync(checkpoint.Size, keys, cancellationToken).ConfigureAwait(false);
        return held?.Checkpoint == checkpoint
            ? held
            : throw new EvidenceDamagedException($"'{files.CheckpointPath(checkpoint.Size)}' says something else of the same size.");
    }
}
