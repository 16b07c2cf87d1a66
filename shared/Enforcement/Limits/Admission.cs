using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Proofgate.Enforcement.Limits;

/// <summary>
/// Reserves before a call and settles after it: rate, open requests and tokens of each key or subject, and open requests of the instance. Counts
/// are this instance's own.
/// </summary>
public sealed class Admission : IDisposable
{
    private readonly AdmissionOptions _options;
    private readonly TokenBudgets _budgets;
    private readonly ConcurrencyLimiter _instance;
    private readonly PartitionedRateLimiter<Call> _open;
    private readonly PartitionedRateLimiter<Call> _rate;

    public Admission(IOptions<AdmissionOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _budgets = new TokenBudgets(time);
        _instance = new ConcurrencyLimiter(Concurrency(_options.Concurrent));
        _open = PartitionedRateLimiter.Create<Call, string>(
            call => RateLimitPartition.GetConcurrencyLimiter(call.Caller.Account, _ => Concurrency(_options.ConcurrentPerKey)));
        _rate = PartitionedRateLimiter.Create<Call, (string, int)>(
            call => RateLimitPartition.GetTokenBucketLimiter((call.Caller.Account, RateOf(call)), static key => Bucket(key.Item2)));
    }

    internal bool TryReserve(Call call, [NotNullWhen(true)] out Reservation? reservation, [NotNullWhen(false)] out Refusal? refusal)
    {
        reservation = null;
        var rate = _rate.AttemptAcquire(call);
        if (!rate.IsAcquired)
        {
            refusal = Refusals.RateExceeded(call.Id, rate.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1));
            return false;
        }

        var instance = _instance.AttemptAcquire();
        if (!instance.IsAcquired)
        {
            refusal = Refusals.Overloaded(call.Id);
            return false;
        }

        var open = _open.AttemptAcquire(call);
        if (!open.IsAcquired)
        {
            instance.Dispose();
            refusal = Refusals.TooManyAtOnce(call.Id, _options.ConcurrentPerKey);
            return false;
        }

        var budget = call.Caller.Limits?.TokensPerDay ?? (_options.TokensPerDay > 0 ? _options.TokensPerDay : null);
        if (!_budgets.TryReserve(call.Caller.Account, call.EstimatedTokens, budget, out var tokens, out var untilMidnight))
        {
            instance.Dispose();
            open.Dispose();
            refusal = Refusals.BudgetSpent(call.Id, untilMidnight);
            return false;
        }

        refusal = null;
        reservation = new Reservation(instance, open, tokens, call.EstimatedTokens);
        return true;
    }

    public void Dispose()
    {
        _instance.Dispose();
        _open.Dispose();
        _rate.Dispose();
    }

    private int RateOf(Call call) => call.Caller.Limits?.RequestsPerMinute ?? _options.RequestsPerMinute;

    private static ConcurrencyLimiterOptions Concurrency(int limit) => new() { PermitLimit = limit, QueueLimit = 0 };

    /// <summary>A minute's requests may come at once; after that they come back evenly.</summary>
    internal static TokenBucketRateLimiterOptions Bucket(int perMinute)
    {
        // Ten times a second at most, and exactly the minute's number in a minute.
        var atOnce = (int)((perMinute + 599L) / 600);
        return new()
        {
            TokenLimit = perMinute,
            TokensPerPeriod = atOnce,
            ReplenishmentPeriod = TimeSpan.FromMinutes(1) * atOnce / perMinute,
            QueueLimit = 0,
            AutoReplenishment = true,
        };
    }
}
