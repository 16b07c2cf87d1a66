namespace Proofgate.Audit.Streaming;

/// <summary>A batch that waits for the disk; its result is the first sequence number it got.</summary>
internal sealed class AppendRequest(IReadOnlyList<ReadOnlyMemory<byte>> events, int bytes, CancellationToken cancellation)
    : TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    internal IReadOnlyList<ReadOnlyMemory<byte>> Events { get; } = events;

    /// <summary>Bytes on disk, headers included.</summary>
    internal int Bytes { get; } = bytes;

    internal CancellationToken Cancellation { get; } = cancellation;
}
