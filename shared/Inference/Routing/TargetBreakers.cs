using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using Proofgate.Inference.Models;

namespace Proofgate.Inference.Routing;

/// <summary>The targets that this instance has asked, each with its breaker. As many as bundles have named.</summary>
public sealed class TargetBreakers : IDisposable
{
    /// <summary>Name of the meter: <c>proofgate.upstream.attempts</c> by target and result, <c>proofgate.upstream.resting</c> by target (1 while it is left alone, else 0).</summary>
    public const string MeterName = "Proofgate.Inference";

    private readonly ConcurrentDictionary<string, TargetBreaker> _breakers = new(StringComparer.Ordinal);
    private readonly RoutingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<TargetBreakers> _log;
    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _attempts;

    public TargetBreakers(IOptions<RoutingOptions> options, TimeProvider time, ILogger<TargetBreakers> log)
    {
        (_options, _time, _log) = (options.Value, time, log);
        _attempts = _meter.CreateCounter<long>("proofgate.upstream.attempts", "{attempt}", "How often targets were asked.");
        _meter.CreateObservableGauge(
            "proofgate.upstream.resting",
            () => _breakers.Values.Select(static b => new Measurement<int>(b.State == CircuitState.Closed ? 0 : 1, KeyValuePair.Create("target", (object?)b.Target))),
            "{target}",
            "Targets that are left alone because they failed too often.");
    }

    /// <summary>Targets that are left alone at the moment, and all that have been asked.</summary>
    public (int Resting, int Known) Count => (_breakers.Values.Count(static b => b.State != CircuitState.Closed), _breakers.Count);

    public void Dispose() => _meter.Dispose();

    internal TargetBreaker Of(ModelTarget target) => _breakers.TryGetValue(target.Name, out var known)
        ? known
        : _breakers.GetOrAdd(target.Name, name => new TargetBreaker(name, _options, _time, (n, rest) => _log.TargetRests(n, rest), n => _log.TargetIsBack(n)));

    internal void Asked(ModelTarget target, string result) =>
        _attempts.Add(1, KeyValuePair.Create("target", (object?)target.Name), KeyValuePair.Create("result", (object?)result));
}
