namespace Proofgate.Identity.Revocation;

/// <summary>How old this instance's knowledge of changes is (DESIGN.md, "What an instance may remember").</summary>
internal sealed class FeedClock(TimeProvider time)
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    internal static readonly TimeSpan Trusted = TimeSpan.FromSeconds(4);

    private long _readAt = long.MinValue;

    /// <summary>Whether records in memory may be used now.</summary>
    internal bool IsFresh => Age < Trusted;

    /// <summary>Null before the first successful read.</summary>
    internal TimeSpan? Age => Volatile.Read(ref _readAt) is var at && at != long.MinValue ? time.GetElapsedTime(at) : null;

    /// <param name="startedAt">Timestamp from before the read: later changes may be missing from it.</param>
    internal void MarkRead(long startedAt) => Volatile.Write(ref _readAt, startedAt);
}
