using Proofgate.Audit.Events;

namespace Proofgate.Audit.Ledger;

/// <summary>Tells what sources have published from the writer's own leaves and from what these flag. For the leaves of one log, in their order.</summary>
internal sealed class EventLeaves
{
    private bool _flagged;

    /// <summary>The event that stands in a leaf; null where that is none of a source's.</summary>
    internal ReadEvent? Read(ReadOnlySpan<byte> leaf)
    {
        // The leaf behind the writer's flag is what it flags.
        var isFlagged = _flagged;
        _flagged = !isFlagged && WriterLeaf.TryRead(leaf, out var written) && written is WriterLeaf.Opaque or WriterLeaf.Conflict;
        return isFlagged || _flagged ? null : EventReader.Read(leaf, out _);
    }
}
