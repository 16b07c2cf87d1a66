using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Proofgate.Http.Telemetry;

/// <summary>
/// Traces a part of the requests, and what is done for them. What a caller's <c>traceparent</c> wants is not asked: it would decide what we pay. What nobody
/// asked for, such as the feed that is read every 2 s, is no trace.
/// </summary>
internal sealed class RequestSampler(double ratio) : Sampler
{
    private readonly TraceIdRatioBasedSampler _part = new(ratio);

    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        if (parent.TraceId != default && !parent.IsRemote)
        {
            return new SamplingResult((parent.TraceFlags & ActivityTraceFlags.Recorded) != 0);
        }

        return samplingParameters.Kind == ActivityKind.Server ? _part.ShouldSample(samplingParameters) : new SamplingResult(false);
    }
}
