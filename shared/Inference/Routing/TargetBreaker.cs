using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace Proofgate.Inference.Routing;

/// <summary>Asks one target, again where that is worth it, and leaves it alone for a while when it fails too often.</summary>
internal sealed class TargetBreaker
{
    private static readonly ResiliencePropertyKey<InferenceRun> RunKey = new("proofgate.run");

    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline<UpstreamAnswer> _breaker;
    private readonly ResiliencePipeline<UpstreamAnswer> _asking;
    private readonly TimeProvider _time;
    private DateTimeOffset _restsUntil;

    internal TargetBreaker(string target, RoutingOptions options, TimeProvider time, Action<string, TimeSpan> opened, Action<string> closed)
    {
        (Target, _time) = (target, time);
        _breaker = new ResiliencePipelineBuilder<UpstreamAnswer> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<UpstreamAnswer>
            {
                FailureRatio = options.BreakerFailureRatio,
                MinimumThroughput = options.BreakerMinAttempts,
                SamplingDuration = options.BreakerWindow,
                BreakDuration = options.BreakerRest,
                StateProvider = _state,
                // A trial that was broken off has shown nothing: the target is left alone for another while.
                ShouldHandle = args => new(Failures.IsIllness(args.Outcome)
                    || (args.Outcome.Exception is OperationCanceledException && _state.CircuitState == CircuitState.HalfOpen)),
                OnOpened = args =>
                {
                    _restsUntil = time.GetUtcNow() + args.BreakDuration;
                    opened(target, args.BreakDuration);
                    return default;
                },
                OnClosed = _ =>
                {
                    closed(target);
                    return default;
                },
            })
            .Build();
        _asking = options.AttemptsPerTarget == 1 ? _breaker : new ResiliencePipelineBuilder<UpstreamAnswer> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<UpstreamAnswer>
            {
                MaxRetryAttempts = options.AttemptsPerTarget - 1,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.RetryDelay,
                MaxDelay = options.MaxRetryDelay,
                ShouldHandle = args => new(Failures.IsPassing(args.Outcome)
                    && (AskedToWait(args.Outcome) ?? TimeSpan.Zero) <= options.MaxRetryAfter
                    && args.Context.Properties.TryGetValue(RunKey, out var run) && run.MayAskAgain),
                DelayGenerator = args => new(AskedToWait(args.Outcome)),
            })
            .AddPipeline(_breaker)
            .Build();
    }

    internal string Target { get; }

    internal CircuitState State => _state.CircuitState;

    /// <summary>How much longer it is left alone; zero if it may be asked.</summary>
    internal TimeSpan Rest
    {
        get
        {
            var left = _restsUntil - _time.GetUtcNow();
            return _state.CircuitState switch
            {
                CircuitState.Open => left > TimeSpan.Zero ? left : TimeSpan.Zero,
                // One call tries it just now, and there is no room for a second.
                CircuitState.HalfOpen => TimeSpan.FromSeconds(1),
                _ => TimeSpan.Zero,
            };
        }
    }

    internal async Task<Outcome<UpstreamAnswer>> AskAsync(InferenceRun run, Func<InferenceRun, CancellationToken, Task<UpstreamAnswer>> attempt, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(RunKey, run);
        try
        {
            return await _asking.ExecuteOutcomeAsync(
                static async (context, state) =>
                {
                    try
                    {
                        return Outcome.FromResult(await state.attempt(state.run, context.CancellationToken));
                    }
                    catch (Exception e)
                    {
                        return Outcome.FromException<UpstreamAnswer>(e);
                    }
                },
                context, (run, attempt));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Counts an answer that began and did not end.</summary>
    internal async Task NoteFailureAsync()
    {
        var context = ResilienceContextPool.Shared.Get(CancellationToken.None);
        try
        {
            await _breaker.ExecuteOutcomeAsync(
                static (_, _) => new ValueTask<Outcome<UpstreamAnswer>>(Outcome.FromException<UpstreamAnswer>(new UpstreamException("It did not end.", timedOut: false))), context, 0);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private TimeSpan? AskedToWait(Outcome<UpstreamAnswer> outcome) => outcome.Result?.RetryAfter(_time.GetUtcNow());
}
