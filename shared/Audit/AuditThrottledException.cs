namespace Proofgate.Audit;

/// <summary>
/// Thrown by a transport: the stream is busy and has stored nothing of the batch. The publisher waits and sends the same bytes again, so the order
/// of a source holds; it gives up as it does for any other batch.
/// </summary>
public sealed class AuditThrottledException(string message, Exception? inner = null) : Exception(message, inner);
