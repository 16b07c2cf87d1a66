using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Proofgate.Enforcement.Limits;

/// <summary>
/// Reserves before a call and settles after it: rate, open requests and budgets of its key, subject, tenant and model, and a place of the instance.
/// Rates and open requests are this instance's own; budgets are those of all instances.
/// </summary>
public sealed class Admission : IDisposable
{
    private readonly AdmissionOptions _options;
    private readonly TimeProvider _time;
    private readonly ConcurrencyLimiter _instance;
    private readonly PartitionedRateLimiter<(string Owner, int Limit)> _open;
    private readonly PartitionedRateLimiter<(string Owner, int Limit)> _rate;

    /// <param name="options">Limits of the instance, and the defaults of keys.</param>
    /// <param name="time">Says when a day ends.</param>
    /// <param name="store">Where instances share their budgets; null: this one has its own.</param>
    public Admission(IOptions<AdmissionOptions> options, TimeProvider time, IBudgetStore? store = null)
    {
        (_options, _time) = (options.Value, time);
        Budgets = new Budgets(store ?? new MemoryBudgets(), time);
        _instance = new ConcurrencyLimiter(Places(_options.Concurrent, _options.Waiting));
        _open = PartitionedRateLimiter.Create<(string, int Limit), (string, int)>(
            key => RateLimitPartition.GetConcurrencyLimiter(key, static key => Places(key.Item2, 0)));
        _rate = PartitionedRateLimiter.Create<(string, int Limit), (string, int)>(
            key => RateLimitPartition.GetTokenBucketLimiter(key, static key => Bucket(key.Item2)));
    }

    internal Budgets Budgets { get; }

    internal async ValueTask<Admittance> ReserveAsync(Call call, CancellationToken cancellationToken)
    {
        var owners = LimitOwner.Of(call, _options);
        if (OverRate(call, owners) is { } tooFast)
        {
            return new Admittance(null, tooFast);
        }

        var reservation = new Reservation();
        if (call.PartOf is not null)
        {
            // Who holds a place and waits for another one waits for himself.
            return new Admittance(reservation, null);
        }

        var admitted = false;
        try
        {
            var refusal = TooMany(call, owners, reservation)
                ?? await PlaceAsync(call, reservation, cancellationToken)
                ?? await OverBudgetAsync(call, owners, reservation, call.EstimatedTokens, call.EstimatedCost, cancellationToken);
            admitted = refusal is null;
            return new Admittance(admitted ? reservation : null, refusal);
        }
        finally
        {
            if (!admitted)
            {
                reservation.Dispose();
            }
        }
    }

    /// <summary>Reserves more of the budgets for a call whose prompt got longer than it was when it came in.</summary>
    /// <returns>Why it may not get longer; null where it may.</returns>
    internal ValueTask<Refusal?> ExtendAsync(Call call, Reservation reservation, long tokens, CancellationToken cancellationToken) =>
        OverBudgetAsync(call, LimitOwner.Of(call, _options), reservation, tokens, call.CostOf(tokens, 0), cancellationToken);

    public void Dispose()
    {
        _instance.Dispose();
        _open.Dispose();
        _rate.Dispose();
    }

    private Refusal? OverRate(Call call, LimitOwner[] owners)
    {
        foreach (var owner in owners)
        {
            if (owner.Limits.RequestsPerMinute is not { } limit)
            {
                continue;
            }

            var lease = _rate.AttemptAcquire((owner.Id, limit));
            if (!lease.IsAcquired)
            {
                return Refusals.RateExceeded(call.Id, owner.Scope, lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(1));
            }
        }

        return null;
    }

    private Refusal? TooMany(Call call, LimitOwner[] owners, Reservation reservation)
    {
        foreach (var owner in owners)
        {
            if (owner.Limits.Concurrent is not { } limit)
            {
                continue;
            }

            var place = _open.AttemptAcquire((owner.Id, limit));
            if (!place.IsAcquired)
            {
                return Refusals.TooManyAtOnce(call.Id, owner.Scope, limit);
            }

            reservation.Hold(place);
        }

        return null;
    }

    /// <summary>A place of the instance: waited for a moment, by a bounded number, before the call is shed.</summary>
    private async ValueTask<Refusal?> PlaceAsync(Call call, Reservation reservation, CancellationToken cancellationToken)
    {
        var place = _instance.AttemptAcquire();
        if (!place.IsAcquired)
        {
            using var patience = new CancellationTokenSource(_options.WaitingTime, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            try
            {
                place = await _instance.AcquireAsync(1, either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return Refusals.Overloaded(call.Id);
            }
        }

        if (!place.IsAcquired)
        {
            return Refusals.Overloaded(call.Id);
        }

        reservation.Hold(place);
        return null;
    }

    private async ValueTask<Refusal?> OverBudgetAsync(Call call, LimitOwner[] owners, Reservation reservation, long tokens, long cost, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var owner in owners)
            {
                foreach (var (unit, amount) in ((BudgetUnit, long)[])[(BudgetUnit.Tokens, tokens), (BudgetUnit.Cost, cost)])
                {
                    if (owner.Limits.PerDay(unit) is not { } limit)
                    {
                        continue;
                    }

                    var account = Budgets.Of(owner.Id, unit);
                    var reserved = await account.ReserveAsync(amount, limit, cancellationToken);
                    Measures.BudgetUsed(reserved ? account.PartOf(limit) : 1, owner.Scope, unit);
                    if (!reserved)
                    {
                        return Refusals.BudgetSpent(call.Id, owner.Scope, unit, Budgets.UntilMidnight);
                    }

                    reservation.Hold(account, amount);
                }
            }

            return null;
        }
        catch (BudgetUnavailableException)
        {
            return Refusals.BudgetUnavailable(call.Id);
        }
    }

    private static ConcurrencyLimiterOptions Places(int limit, int waiting) => new() { PermitLimit = limit, QueueLimit = waiting };

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
