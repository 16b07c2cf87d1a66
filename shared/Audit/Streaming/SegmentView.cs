namespace Proofgate.Audit.Streaming;

/// <summary>The durable part of a segment at one moment, to be read from sequence number <paramref name="From"/>.</summary>
internal readonly record struct SegmentView(Segment Segment, long From, long Next, long Length);
