namespace Proofgate.Audit.Ledger;

/// <summary>What an event's number and previous hash make of it (ledger.md, "same or conflict").</summary>
internal enum SourceVerdict
{
    /// <summary>It continues its source.</summary>
    Append,

    /// <summary>It continues its source after a jump that a gap or a new epoch explains.</summary>
    Resume,

    /// <summary>Byte for byte the source's newest event.</summary>
    Redelivery,

    /// <summary>Its number is below the highest; only history can tell a redelivery from a conflict.</summary>
    Older,
    Conflict,
}
