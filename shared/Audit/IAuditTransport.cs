namespace Proofgate.Audit;

/// <summary>
/// One hop to durable storage: Event Hubs, the embedded stream, AMQP in tests. No loop, no retry, no state:
/// batching, order and retries belong to <c>Publishing</c>.
/// </summary>
public interface IAuditTransport
{
    /// <summary>Sends one batch that stays together and in order; completes when the whole batch is durable.</summary>
    /// <param name="partitionKey">The source of the events: all its events land on one partition.</param>
    /// <param name="events">Encoded events, the exact bytes that become leaves.</param>
    /// <param name="cancellationToken">Gives up waiting; the batch may be durable all the same.</param>
    /// <exception cref="AuditUnavailableException">Surely not stored, and sending again does not help.</exception>
    /// <exception cref="AuditThrottledException">Surely not stored, and sending again later does. After any other exception nobody knows.</exception>
    Task SendAsync(string partitionKey, IReadOnlyList<ReadOnlyMemory<byte>> events, CancellationToken cancellationToken);
}
