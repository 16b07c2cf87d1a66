using System.Security.Cryptography;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Audit.Sealing;
using Proofgate.Enforcement.Feed;
using Proofgate.Identity;

namespace Proofgate.Enforcement.Recording;

/// <summary>Writes what was decided on a call to the audit stream, personal fields in the sealed part.</summary>
public sealed class CallRecorder(
    IAuditStream stream, IRefusalChannel overflow, ContentDigester digester, DecisionBroadcast watchers, TimeProvider time, ILogger<CallRecorder> log)
    : IDisposable
{
    /// <summary>Refusals of one credential that are recorded each with its decision; beyond it they are counted.</summary>
    private const int RefusalsPerMinute = 120;

    /// <summary>Who is refused again and again, at no cost of his own, must not fill the ledger either.</summary>
    private readonly PartitionedRateLimiter<string> _whole = PartitionedRateLimiter.Create<string, string>(
        static account => RateLimitPartition.GetFixedWindowLimiter(
            account, static _ => new FixedWindowRateLimiterOptions { PermitLimit = RefusalsPerMinute, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 }));

    /// <summary>Completes when the decision is durable. Not cancelled with the request: a half-sent decision would be an open one.</summary>
    /// <exception cref="AuditUnavailableException">It is not durable; the call must be refused.</exception>
    internal async ValueTask<AuditReceipt> DecidedAsync(Call call, Judgement judgement, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var span = Measures.Spans.StartActivity("proofgate.record");
        var decided = new DecisionEvent
        {
            Id = call.Id,
            Time = time.GetUtcNow(),
            CorrelationId = call.InsteadOf ?? call.PartOf,
            TraceId = call.TraceId,
            Personal = PersonalFacts.Of(call, judgement),
            Request = call.Request,
            Decision = judgement.ToRecord(call.Action, call.Resource),
        };
        var receipt = await stream.PublishAsync(decided, CancellationToken.None);
        watchers.Published(decided);
        return receipt;
    }

    /// <summary>
    /// Records a refusal. It is answered even if it cannot be recorded: nothing is released by it. Not cancelled with the request: who asks and
    /// leaves at once would probe policy without a trace.
    /// </summary>
    internal async ValueTask<Refusal> RefusedAsync(Call call, Refusal refusal, Judgement? judgement)
    {
        var told = refusal with { Decision = judgement?.ToRecord(call.Action, call.Resource) };
        return told with { Receipt = await PublishAsync(told, call.Caller, PersonalFacts.Of(call, judgement), call.Request, call.TraceId, CancellationToken.None) };
    }

    /// <summary>Records the refusal of an authenticated request that did not become a call: a bad body, an unknown model.</summary>
    /// <returns>Null where it was counted, or could not be recorded.</returns>
    public ValueTask<AuditReceipt?> RefusedEarlyAsync(
        Refusal refusal, Caller caller, RequestRecord request, string? traceId, CancellationToken cancellationToken) =>
        PublishAsync(refusal, caller, PersonalFacts.Of(caller), request, traceId, cancellationToken);

    private async ValueTask<AuditReceipt?> PublishAsync(
        Refusal refusal, Caller caller, PersonalPart personal, RequestRecord request, string? traceId, CancellationToken cancellationToken)
    {
        Measures.Refused(refusal.Code, refusal.Status);
        var refused = new RefusalEvent
        {
            Id = refusal.Id,
            Time = time.GetUtcNow(),
            TraceId = traceId,
            Personal = personal,
            Request = request,
            Status = refusal.Status,
            Reason = refusal.Code,
            Decision = refusal.Decision,
        };
        // Too many requests, or too many refused ones: the reason is the number, and the number is what is recorded.
        if (refusal.Status == 429 || !_whole.AttemptAcquire(caller.Account).IsAcquired)
        {
            overflow.Report(refused, caller.Address);
            watchers.Published(refused with { Personal = null });
            return null;
        }

        try
        {
            var receipt = await stream.PublishAsync(refused, cancellationToken);
            watchers.Published(refused);
            return receipt;
        }
        catch (Exception e) when (e is AuditUnavailableException or OperationCanceledException)
        {
            log.RefusalNotRecorded(refusal.Id, refusal.Code);
            return null;
        }
    }

    /// <summary>A refusal because the stream itself is down: the log is all there is.</summary>
    internal Refusal Unrecorded(Call call, Refusal refusal)
    {
        Measures.Refused(refusal.Code, refusal.Status);
        log.RefusalNotRecorded(call.Id, refusal.Code);
        return refusal;
    }

    public void Dispose() => _whole.Dispose();

    internal IncrementalHash StartDigest(Call call) => digester.Start(call.Caller.Tenant);
}
