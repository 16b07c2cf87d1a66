namespace Proofgate.Policy;

/// <summary>A record as it is stored: the author's statement on the bundle and the statement that activates it, both signed, neither checked yet.</summary>
/// <param name="Sequence">The number that the record is stored under.</param>
/// <param name="Bundle">A <see cref="Signing.BundleStatement"/> in its envelope.</param>
/// <param name="Activation">A <see cref="Signing.ActivationStatement"/> in its envelope.</param>
public sealed record StoredActivation(long Sequence, ReadOnlyMemory<byte> Bundle, ReadOnlyMemory<byte> Activation)
{
    /// <summary>Whether both records have the same bytes.</summary>
    public bool IsSame(StoredActivation other) =>
        Sequence == other.Sequence && Bundle.Span.SequenceEqual(other.Bundle.Span) && Activation.Span.SequenceEqual(other.Activation.Span);
}
