namespace Proofgate.Audit.Checkpoints;

/// <summary>What looking for an event's receipt found.</summary>
public abstract record ReceiptSearch
{
    private ReceiptSearch()
    {
    }

    /// <param name="Log">Name of the log that holds it.</param>
    /// <param name="Proof">The receipt.</param>
    public sealed record Found(string Log, TlogProof Proof) : ReceiptSearch
    {
        /// <summary>The event's bytes.</summary>
        public ReadOnlyMemory<byte> Leaf => Proof.Extra!.Value;
    }

    /// <summary>Its name is so young that it may yet come.</summary>
    public sealed record Pending : ReceiptSearch;

    public sealed record Unknown : ReceiptSearch;
}
