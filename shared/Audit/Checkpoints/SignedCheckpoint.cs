using System.Diagnostics.CodeAnalysis;
using Proofgate.Audit.Notes;

namespace Proofgate.Audit.Checkpoints;

/// <summary>A checkpoint whose signature holds under a key that the reader trusts for its origin.</summary>
public sealed record SignedCheckpoint(Checkpoint Checkpoint, SignedNote Note)
{
    public long Size => Checkpoint.Size;

    /// <summary>Null where it is no checkpoint of <paramref name="origin"/> that one of <paramref name="trusted"/> has signed.</summary>
    public static bool TryOpen(
        ReadOnlySpan<byte> bytes, string origin, IReadOnlyCollection<VerifierKey> trusted, [NotNullWhen(true)] out SignedCheckpoint? opened)
    {
        opened = null;
        if (!SignedNote.TryParse(bytes, out var note) || !note.TryVerify(trusted, out _)
            || !Checkpoint.TryParse(note.Text.Span, out var checkpoint) || checkpoint.Origin != origin)
        {
            return false;
        }

        opened = new SignedCheckpoint(checkpoint, note);
        return true;
    }
}
