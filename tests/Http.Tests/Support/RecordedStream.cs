using System.Collections.Concurrent;
using System.Security.Cryptography;
using Proofgate.Audit;
using Proofgate.Audit.Events;

namespace Proofgate.Http.Tests.Support;

/// <summary>An audit stream that remembers what it acknowledged, and can be down.</summary>
internal sealed class RecordedStream : IAuditStream
{
    internal const string Source = "0123456789abcdef0123456789abcdef";

    private readonly ConcurrentQueue<AuditEvent> _events = new();
    private volatile TaskCompletionSource _published = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal IReadOnlyList<AuditEvent> Events => [.. _events];

    /// <summary>Which events are not acknowledged; null: all are.</summary>
    internal Func<AuditEvent, bool>? Down { get; set; }

    public AuditStreamHealth Health => new(Down is null, Down is null ? null : "the stream is down");

    public ValueTask<AuditReceipt> PublishAsync(AuditEvent auditEvent, CancellationToken cancellationToken)
    {
        if (Down?.Invoke(auditEvent) == true)
        {
            throw new AuditUnavailableException("down");
        }

        _events.Enqueue(auditEvent);
        Interlocked.Exchange(ref _published, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        return new(new AuditReceipt(auditEvent.Id, Source, _events.Count, SHA256.HashData(auditEvent.Id.Value.ToByteArray())));
    }

    internal IReadOnlyList<T> Of<T>()
        where T : AuditEvent => [.. _events.OfType<T>()];

    /// <summary>How the call of an answer ended. It is recorded after the answer, so it is waited for.</summary>
    internal async Task<OutcomeEvent> OutcomeAsync(string? auditId = null)
    {
        while (true)
        {
            var published = _published.Task;
            if (Of<OutcomeEvent>().SingleOrDefault(o => auditId is null || o.CorrelationId?.ToString() == auditId) is { } outcome)
            {
                return outcome;
            }

            await published.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }
}
