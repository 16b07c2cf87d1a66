namespace Proofgate.Audit.Streaming;

/// <summary>What reading a frame found.</summary>
internal enum FrameState
{
    Whole,

    /// <summary>The bytes end before the record does.</summary>
    Short,
    Damaged,
}
