using Polly;
using Polly.CircuitBreaker;

namespace Proofgate.Inference.Routing;

/// <summary>What an attempt's end means. An answer that has begun is never asked for again.</summary>
public static class Failures
{
    /// <summary>Anthropic's word for overloaded.</summary>
    private const int Overloaded = 529;

    /// <summary>Worth to be tried again at the same target after a moment: nothing was worked for.</summary>
    internal static bool IsPassing(Outcome<UpstreamAnswer> outcome) =>
        outcome.Exception is UpstreamException { AnswerBegan: false, TimedOut: false }
        || outcome.Result is { Status: 408 or 429 or 502 or 503 or 504 or Overloaded };

    /// <summary>
    /// Says that the target is unwell. What a caller alone can bring about, by the request or by asking too often, does not: nobody shall close a target to others.
    /// </summary>
    internal static bool IsIllness(Outcome<UpstreamAnswer> outcome) =>
        outcome.Exception is UpstreamException { InnerException: not AnswerFormatException } || outcome.Result is { Status: 408 or 502 or 503 or 504 or Overloaded };

    /// <summary>Whether another target may do better. That one does not know our key or is at its limit says nothing of the next.</summary>
    internal static bool MayBeBetterElsewhere(Outcome<UpstreamAnswer> outcome) =>
        outcome.Exception is UpstreamException { AnswerBegan: false } or BrokenCircuitException
        || outcome.Result is { Status: 401 or 403 or 408 or 429 or 500 or 502 or 503 or 504 or Overloaded };

    /// <summary>The status that a caller is told for a provider's: what it says of our credential, or of itself, is not the caller's fault.</summary>
    public static int ToldFor(int status) => status switch
    {
        400 or 404 or 413 or 422 or 429 => status,
        503 or Overloaded => 503,
        504 => 504,
        _ => 502,
    };

    public static int ToldFor(UpstreamException failure) => failure.TimedOut ? 504 : failure.RetryAfter is not null ? 503 : 502;
}
