using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Proofgate.Audit;
using Proofgate.Enforcement;

namespace Proofgate.Inference.Routing;

/// <summary>
/// Asks a call's targets until one begins to answer. Each is one that the bundle lists and this deployment has configured, and each has a decision of its own, durable
/// before it is asked.
/// </summary>
public sealed class TargetRouter(
    IUpstream upstream, Pipeline pipeline, TargetBreakers breakers, IOptions<RoutingOptions> options, TimeProvider time, ILogger<TargetRouter> log)
{
    /// <summary>
    /// The call at each target that may serve it, in the order in which they are to be asked: at least one. Targets that are left alone are passed over while there is
    /// another.
    /// </summary>
    public IReadOnlyList<InferenceCall> Ways(InferenceCall call)
    {
        var ordered = TargetOrder.Of(call.Model.UsableTargets(call.Speech), Random.Shared).ToList();
        var well = ordered.FindAll(t => breakers.Of(t).Rest == TimeSpan.Zero);
        return [.. (well.Count > 0 ? well : ordered).Select(call.At)];
    }

    /// <param name="admitted">One of <paramref name="ways"/>, admitted.</param>
    /// <param name="ways">All of them. Those before the admitted one were refused by policy.</param>
    public InferenceRun Begin(AdmittedCall<InferenceCall> admitted, IReadOnlyList<InferenceCall> ways) =>
        new(admitted, ways.SkipWhile(w => w.Target != admitted.Call.Target).Skip(1), options.Value, time);

    /// <summary>Completes when an answer begins that is to be given to the caller, be it a refusal of the provider's.</summary>
    /// <exception cref="UpstreamException">There is none.</exception>
    public async Task<UpstreamAnswer> AskAsync(InferenceRun run, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, run.Call.Revoked);
            var breaker = breakers.Of(run.Call.Call.Target);
            var outcome = await breaker.AskAsync(run, AttemptAsync, stop.Token);
            if (outcome.Exception is BrokenCircuitException)
            {
                outcome = Outcome.FromException<UpstreamAnswer>(new UpstreamException(
                    $"The upstream '{run.Call.Call.Target.Upstream.Name}' has failed too often and is left alone for a moment.", timedOut: false)
                { RetryAfter = breaker.Rest });
            }

            try
            {
                if (!Failures.MayBeBetterElsewhere(outcome) || !await MoveAsync(run, outcome, stop.Token))
                {
                    return outcome.Result ?? throw Rethrown(outcome.Exception!);
                }
            }
            catch when (outcome.Result is not null)
            {
                await outcome.Result.DisposeAsync();
                throw;
            }

            if (outcome.Result is { } given)
            {
                await given.DisposeAsync();
            }
        }
    }

    /// <summary>Tells of an answer that began and that the provider did not end.</summary>
    public Task NoteFailureAsync(InferenceRun run) => breakers.Of(run.Call.Call.Target).NoteFailureAsync();

    private async Task<UpstreamAnswer> AttemptAsync(InferenceRun run, CancellationToken cancellationToken)
    {
        var target = run.Call.Call.Target;
        run.Attempts++;
        try
        {
            var answer = await upstream.SendAsync(run.Call, cancellationToken);
            breakers.Asked(target, answer.IsSuccess ? "answered" : "refused");
            return answer;
        }
        catch (UpstreamException e)
        {
            run.CostIsUnknown |= e.TimedOut || e.AnswerBegan;
            breakers.Asked(target, e.TimedOut ? "timed_out" : "failed");
            throw;
        }
    }

    /// <summary>Has the next target decided on and goes over to it. False if there is none that may be asked.</summary>
    private async Task<bool> MoveAsync(InferenceRun run, Outcome<UpstreamAnswer> outcome, CancellationToken cancellationToken)
    {
        while (run.MayAskAgain && run.TryNext(out var way))
        {
            if (breakers.Of(way!.Target).Rest > TimeSpan.Zero)
            {
                continue;
            }

            cancellationToken.ThrowIfCancellationRequested();
            var (from, next) = (run.Call, way with { Id = AuditId.New(time), InsteadOf = run.Call.Id });
            switch (await pipeline.AdmitInsteadAsync(from, EndOf(run, outcome), next, cancellationToken))
            {
                case Ruling<InferenceCall>.Admitted { Call: var admitted }:
                    run.MoveTo(admitted);
                    log.CallMoved(from.Id, from.Call.Target.Name, next.Target.Name, admitted.Id);
                    return true;
                case Ruling<InferenceCall>.Refused { Refusal: var refusal }:
                    log.CallNotMoved(from.Id, next.Target.Name, refusal.Code);
                    break;
            }
        }

        return false;
    }

    private static CallOutcome EndOf(InferenceRun run, Outcome<UpstreamAnswer> outcome)
    {
        var (result, status) = outcome switch
        {
            { Result: { } answer } => ("upstream_refused", Failures.ToldFor(answer.Status)),
            { Exception: UpstreamException { TimedOut: true } late } => ("timed_out", Failures.ToldFor(late)),
            { Exception: UpstreamException failure } => ("upstream_failed", Failures.ToldFor(failure)),
            _ => ("upstream_failed", 502),
        };
        return new CallOutcome { Result = result, Status = status, Attempts = run.Attempts };
    }

    private static Exception Rethrown(Exception e)
    {
        ExceptionDispatchInfo.Throw(e);
        return e;
    }
}
