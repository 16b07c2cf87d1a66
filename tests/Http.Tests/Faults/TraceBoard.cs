using System.Collections.Concurrent;
using System.Security.Cryptography;
using Proofgate.Audit;
using Proofgate.Audit.Events;

namespace Proofgate.Http.Tests.Faults;

/// <summary>An audit stream that hands each outcome to whoever waits for its trace and remembers nothing else.</summary>
internal sealed class TraceBoard : IAuditStream
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<OutcomeEvent>> _outcomes = new();
    private readonly ConcurrentDictionary<AuditId, bool> _open = new();
    private long _numbers;

    public AuditStreamHealth Health => new(true, null);

    /// <summary>Decisions without an outcome.</summary>
    internal int Open => _open.Count;

    public ValueTask<AuditReceipt> PublishAsync(AuditEvent auditEvent, CancellationToken cancellationToken)
    {
        switch (auditEvent)
        {
            case DecisionEvent:
                _open.TryAdd(auditEvent.Id, true);
                break;
            case OutcomeEvent { TraceId: { } trace } outcome:
                _open.TryRemove(outcome.CorrelationId!.Value, out _);
                Of(trace).TrySetResult(outcome);
                break;
        }

        return new(new AuditReceipt(auditEvent.Id, Support.RecordedStream.Source, Interlocked.Increment(ref _numbers), SHA256.HashData(auditEvent.Id.Value.ToByteArray())));
    }

    internal async Task<OutcomeEvent> TakeAsync(string trace)
    {
        var outcome = await Of(trace).Task.WaitAsync(TimeSpan.FromSeconds(60));
        _outcomes.TryRemove(trace, out _);
        return outcome;
    }

    private TaskCompletionSource<OutcomeEvent> Of(string trace) => _outcomes.GetOrAdd(trace, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
