using Microsoft.Extensions.Logging;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit;

/// <summary>Every log line of this room; event ids 3000 to 3099.</summary>
internal static partial class Log
{
    [LoggerMessage(3000, LogLevel.Warning, "Audit lane {Lane}: a batch of {Events} events was refused: {Reason}")]
    internal static partial void BatchRefused(this ILogger log, string lane, int events, string reason);

    [LoggerMessage(3001, LogLevel.Warning, "Audit lane {Lane}, source {Source}: the result of a batch of {Events} events is unknown; it is sent again")]
    internal static partial void BatchUnknown(this ILogger log, string lane, string source, int events, Exception exception);

    [LoggerMessage(3002, LogLevel.Error, "Audit lane {Lane}: source {Source} is retired after {LastAcknowledged} acknowledged events; a new one starts")]
    internal static partial void SourceRetired(this ILogger log, string lane, string source, long lastAcknowledged, Exception exception);

    [LoggerMessage(3003, LogLevel.Warning, "A refusal ({Reason}) was answered but not published: {Detail}")]
    internal static partial void RefusalNotPublished(this ILogger log, string reason, string detail);

    [LoggerMessage(3004, LogLevel.Critical, "Audit lane {Lane} has stopped")]
    internal static partial void LaneStopped(this ILogger log, string lane, Exception exception);

    [LoggerMessage(3005, LogLevel.Warning, "Audit lane {Lane}: a batch of {Events} events is throttled, and is sent again in {Delay}: {Reason}")]
    internal static partial void BatchThrottled(this ILogger log, string lane, int events, TimeSpan delay, string reason);

    [LoggerMessage(3010, LogLevel.Warning, "Embedded stream, partition {Partition}: {Bytes} bytes of an unfinished write were cut off at sequence number {Sequence}")]
    internal static partial void TailRepaired(this ILogger log, int partition, long bytes, long sequence);

    [LoggerMessage(3011, LogLevel.Error, "Embedded stream, partition {Partition}: {Segment} is damaged at sequence number {Sequence}; what follows in it is lost and will be a gap in the ledger")]
    internal static partial void SegmentDamaged(this ILogger log, int partition, string segment, long sequence);

    [LoggerMessage(3012, LogLevel.Error, "Embedded stream, partition {Partition}: writing failed")]
    internal static partial void WriteFailed(this ILogger log, int partition, Exception exception);

    [LoggerMessage(3013, LogLevel.Information, "Embedded stream, partition {Partition}: {Segment} is in the ledger and past its retention; removed")]
    internal static partial void SegmentRemoved(this ILogger log, int partition, string segment);

    [LoggerMessage(3020, LogLevel.Warning, "Ledger {Partition}: not reachable or result unknown; trying again in {Delay}")]
    internal static partial void LedgerUnavailable(this ILogger log, string partition, TimeSpan delay, Exception exception);

    [LoggerMessage(3021, LogLevel.Error, "Ledger {Partition}: appending stopped: {Detail}")]
    internal static partial void LedgerStopped(this ILogger log, string partition, string detail);

    [LoggerMessage(3022, LogLevel.Warning, "Ledger {Partition}: sequence numbers {First} to {Last} are gone from the stream; a gap leaf says so")]
    internal static partial void LedgerGap(this ILogger log, string partition, long first, long last);

    [LoggerMessage(3023, LogLevel.Warning, "Ledger {Partition}: the event at sequence number {Sequence} is opaque")]
    internal static partial void LedgerOpaque(this ILogger log, string partition, long sequence);

    [LoggerMessage(3024, LogLevel.Error, "Ledger {Partition}: the event at sequence number {Sequence} conflicts with its source's counter")]
    internal static partial void LedgerConflict(this ILogger log, string partition, long sequence);

    /// <summary>The first epoch is news; any other means that the stream is not the one it was.</summary>
    [LoggerMessage(EventId = 3025, Message = "Ledger {Partition}: epoch {Epoch} opened ({Cause})")]
    internal static partial void EpochOpened(this ILogger log, LogLevel level, LogName partition, int epoch, string cause);

    [LoggerMessage(3026, LogLevel.Information, "Ledger {Partition}: another writer was first; its rows are taken over")]
    internal static partial void LedgerCollision(this ILogger log, string partition);

    /// <summary>An alarm: evidence and ledger disagree, and nothing is signed.</summary>
    [LoggerMessage(3030, LogLevel.Critical, "Checkpoints have stopped: {Detail}")]
    internal static partial void EvidenceAlarm(this ILogger log, string detail);

    [LoggerMessage(3031, LogLevel.Warning, "Checkpoints wait: {Detail}")]
    internal static partial void EvidenceUnavailable(this ILogger log, string detail);

    [LoggerMessage(3032, LogLevel.Information, "Checkpoints of {Hub} are signed")]
    internal static partial void EvidenceSigned(this ILogger log, string hub);

    [LoggerMessage(3033, LogLevel.Warning, "Witness {Witness} does not cosign: {Problem}. It is asked again, less and less often")]
    internal static partial void WitnessSilent(this ILogger log, string witness, string problem);

    [LoggerMessage(3034, LogLevel.Error, "Witness {Witness} refuses a checkpoint: {Problem}")]
    internal static partial void WitnessRefused(this ILogger log, string witness, string problem);

    /// <summary>An alarm: what was signed does not go on from what somebody else has seen.</summary>
    [LoggerMessage(3035, LogLevel.Critical, "Witness {Witness} refuses a checkpoint: {Problem}")]
    internal static partial void WitnessAlarm(this ILogger log, string witness, string problem);

    [LoggerMessage(3036, LogLevel.Information, "Witness {Witness} cosigns")]
    internal static partial void WitnessCosigns(this ILogger log, string witness);

    [LoggerMessage(3037, LogLevel.Warning, "Checkpoints are not submitted to witnesses: {Problem}")]
    internal static partial void CosigningWaits(this ILogger log, string problem);

    [LoggerMessage(3038, LogLevel.Warning, "The key of {Deployment} was handed over from {Old} to {Next}")]
    internal static partial void KeyHandedOver(this ILogger log, string deployment, string old, string next);

    /// <summary>An alarm that has mended itself: evidence was gone, and what the table remembers of it was signed again because the tree still leads to it.</summary>
    [LoggerMessage(3039, LogLevel.Critical, "The checkpoint of {Size} leaves of {Partition} was gone from the evidence. The rows still give its root, and it is signed again")]
    internal static partial void EvidenceRestored(this ILogger log, string partition, long size);
}
