using System.Globalization;
using Proofgate.Inference.Routing;

namespace Proofgate.Http.Startup;

/// <summary>
/// How many targets of models are left alone because they failed too often. It never makes the gateway unready: other targets and routes are served, and a provider that
/// is down is down for every instance. Which they are is for the log and the metrics, because anybody may ask for readiness.
/// </summary>
internal sealed class UpstreamReadiness(TargetBreakers breakers) : IReadinessCheck
{
    public string Name => "upstreams";

    public Readiness Check()
    {
        var (resting, known) = breakers.Count;
        return new Readiness(true, string.Create(CultureInfo.InvariantCulture, $"{resting} of {known} targets that were asked are left alone{(resting > 0 ? ", see the log" : string.Empty)}"));
    }
}
