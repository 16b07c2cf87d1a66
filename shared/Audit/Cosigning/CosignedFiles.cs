using System.Globalization;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Notes;

namespace Proofgate.Audit.Cosigning;

/// <summary>
/// Checkpoints as witnesses have cosigned them, <c>cosigned/{witness's key id}/{size}</c>: evidence is never changed, and cosignatures come when they come,
/// so each is a file of its own, a note with the log's signature and that witness's.
/// </summary>
internal sealed class CosignedFiles(IEvidenceStore store, string log)
{
    internal const string FolderName = "cosigned";

    internal string Folder => $"{log}/{FolderName}";

    /// <summary>Leaves of the newest checkpoint that a witness has cosigned; 0 for none.</summary>
    internal async Task<long> HighestAsync(VerifierKey witness, CancellationToken cancellationToken) =>
        await store.HighestAsync(FolderOf(witness), cancellationToken).ConfigureAwait(false) ?? 0;

    internal Task KeepAsync(VerifierKey witness, long size, SignedNote note, CancellationToken cancellationToken) =>
        store.InsertAsync(PathOf(witness, size), note.ToBytes(), cancellationToken);

    /// <summary>The checkpoint with the cosignatures that are there for it and hold. What does not hold is left out.</summary>
    internal async Task<byte[]> WithCosignaturesAsync(
        byte[] checkpoint, long size, IReadOnlyList<WitnessEndpoint> witnesses, CancellationToken cancellationToken)
    {
        if (!SignedNote.TryParse(checkpoint, out var note))
            return checkpoint;
        foreach (var key in witnesses.Select(static w => w.Key))
        {
            if (await store.ReadAsync(PathOf(key, size), SignedNote.MaxBytes, cancellationToken).ConfigureAwait(false) is { } bytes
                && SignedNote.TryParse(bytes, out var cosigned) && cosigned.Text.Span.SequenceEqual(note.Text.Span)
                && cosigned.Signatures.FirstOrDefault(s => s.IsBy(key)) is { } signature && key.Verify(note.Text.Span, signature.Value.Span))
            {
                note = note.With(signature);
            }
        }

        return note.ToBytes();
    }

    /// <summary>Takes a path below <see cref="Folder"/> apart.</summary>
    internal bool TrySizeOf(string path, out long size)
    {
        size = 0;
        return path.StartsWith(Folder + "/", StringComparison.Ordinal) && path[(Folder.Length + 1)..].Split('/') is [{ Length: 8 }, { Length: > 0 } number]
            && Checkpoint.TrySize(number, out size);
    }

    private string FolderOf(VerifierKey witness) => string.Create(CultureInfo.InvariantCulture, $"{Folder}/{witness.Id:x8}");

    private string PathOf(VerifierKey witness, long size) => string.Create(CultureInfo.InvariantCulture, $"{FolderOf(witness)}/{size}");
}
