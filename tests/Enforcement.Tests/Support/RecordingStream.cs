using System.Net;
using Proofgate.Audit;
using Proofgate.Audit.Events;

namespace Proofgate.Tests.Support;

/// <summary>An audit stream that keeps what it is given. It can be held before it acknowledges, and it can be down.</summary>
internal sealed class RecordingStream : IAuditStream, IRefusalChannel
{
    private readonly List<AuditEvent> _acknowledged = [];
    private TaskCompletionSource? _gate;

    /// <summary>Set: publishing an event of this type fails with this exception.</summary>
    internal Func<AuditEvent, Exception?> Fault { get; set; } = static _ => null;

    /// <summary>Events that were acknowledged, in order.</summary>
    internal IReadOnlyList<AuditEvent> Acknowledged
    {
        get
        {
            lock (_acknowledged)
            {
                return [.. _acknowledged];
            }
        }
    }

    /// <summary>Runs when an event arrives, before it is acknowledged.</summary>
    internal Action<AuditEvent>? Arrived { get; set; }

    public AuditStreamHealth Health => new(true, null);

    internal T Single<T>()
        where T : AuditEvent => Assert.Single(Acknowledged.OfType<T>());

    /// <summary>From here on nothing is acknowledged until <see cref="Release"/>.</summary>
    internal void Hold() => _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Release() => _gate!.SetResult();

    /// <summary>Refusals that were counted instead of recorded whole.</summary>
    internal List<RefusalEvent> Counted { get; } = [];

    public void Report(RefusalEvent refusal, IPAddress? address)
    {
        lock (_acknowledged)
        {
            Counted.Add(refusal);
        }
    }

    public async ValueTask<AuditReceipt> PublishAsync(AuditEvent auditEvent, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Arrived?.Invoke(auditEvent);
        if (_gate is { } gate)
        {
            await gate.Task.WaitAsync(cancellationToken);
        }

        if (Fault(auditEvent) is { } fault)
        {
            throw fault;
        }

        lock (_acknowledged)
        {
            _acknowledged.Add(auditEvent);
            return new AuditReceipt(auditEvent.Id, "test", _acknowledged.Count, new byte[32]);
        }
    }
}
