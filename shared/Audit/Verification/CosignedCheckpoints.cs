using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Cosigning;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Notes;

namespace Proofgate.Audit.Verification;

/// <summary>The cosigned checkpoints that the evidence itself holds. Where one lies proves nothing; its signatures do.</summary>
internal sealed class CosignedCheckpoints(IEvidenceStore store)
{
    private readonly Dictionary<(string Log, long Size), HashSet<MerkleHash>> _roots = [];

    /// <summary>Roots that the log's key has signed in them.</summary>
    internal IEnumerable<MerkleHash> RootsAt(string log, long size) => _roots.GetValueOrDefault((log, size)) ?? [];

    /// <summary>Reads all of them. Each must be a checkpoint that the log's key has signed, of the size that its path has.</summary>
    internal async Task<List<SignedNote>> ReadAsync(
        LogOrigin origin, LogKeys keys, WitnessPolicy? policy, VerificationTally tally, CancellationToken cancellationToken)
    {
        var notes = new List<SignedNote>();
        await foreach (var path in store.PathsAsync("", cancellationToken).ConfigureAwait(false))
        {
            var log = path.Split('/')[0];
            var files = new CosignedFiles(store, log);
            if (!origin.Has(log) || !path.StartsWith(files.Folder + "/", StringComparison.Ordinal))
                continue;
            var bytes = await store.ReadAsync(path, SignedNote.MaxBytes, cancellationToken).ConfigureAwait(false) ?? [];
            if (!files.TrySizeOf(path, out var size) || !SignedCheckpoint.TryOpen(bytes, origin.Of(log), keys.For(origin.Of(log)), out var opened) || opened.Size != size)
            {
                tally.Find(VerificationCode.Signature, log, path, "Not a cosigned checkpoint of this log that its key has signed.");
                continue;
            }

            if (policy?.Contradicts(opened.Note) == true)
            {
                tally.Find(VerificationCode.Signature, log, path, "A cosignature is not the witness's that it names.");
                continue;
            }

            if (!_roots.TryGetValue((log, size), out var roots))
                _roots[(log, size)] = roots = [];
            roots.Add(opened.Checkpoint.Root);
            notes.Add(opened.Note);
        }

        return notes;
    }

    internal static IEnumerable<SignedNote> Parse(IEnumerable<ReadOnlyMemory<byte>> all)
    {
        foreach (var bytes in all)
        {
            if (SignedNote.TryParse(bytes.Span, out var note))
                yield return note;
        }
    }

    /// <summary>One note for each text, with all its signatures: a quorum comes together from the files of several witnesses.</summary>
    internal static IEnumerable<SignedNote> Merge(IEnumerable<SignedNote> notes) => notes
        .GroupBy(static n => Convert.ToBase64String(n.Text.Span), StringComparer.Ordinal)
        .Select(static g => new SignedNote(g.First().Text, [.. g.SelectMany(static n => n.Signatures).DistinctBy(static s => (s.Name, s.KeyId, Convert.ToBase64String(s.Value.Span)))]));
}
