namespace Proofgate.Local.Hub;

/// <summary>By what a receiver says where it wants to begin.</summary>
internal enum StartKind
{
    /// <summary>Behind the last record.</summary>
    Latest,
    Offset,
    SequenceNumber,

    /// <summary>Unix milliseconds.</summary>
    Time,
}
