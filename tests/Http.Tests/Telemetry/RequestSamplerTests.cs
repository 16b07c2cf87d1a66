using System.Diagnostics;
using OpenTelemetry.Trace;
using Proofgate.Http.Telemetry;

namespace Proofgate.Http.Tests.Telemetry;

/// <summary>A caller does not decide what is traced.</summary>
public sealed class RequestSamplerTests
{
    private static readonly ActivityTraceId Trace = ActivityTraceId.CreateRandom();

    [Theory]
    [InlineData(0, true, true, ActivityKind.Server, false)]
    [InlineData(1, true, false, ActivityKind.Server, true)]
    [InlineData(1, false, true, ActivityKind.Client, true)]
    [InlineData(1, false, false, ActivityKind.Client, false)]
    public void Span_IsTraced_ByTheRatio_OrWithItsParent(double ratio, bool remote, bool recorded, ActivityKind kind, bool traced)
    {
        var parent = new ActivityContext(Trace, ActivitySpanId.CreateRandom(), recorded ? ActivityTraceFlags.Recorded : ActivityTraceFlags.None, isRemote: remote);
        Assert.Equal(traced, new RequestSampler(ratio).ShouldSample(new SamplingParameters(parent, Trace, "x", kind)).Decision == SamplingDecision.RecordAndSample);
    }

    /// <summary>The feed is read every 2 s, and nobody asked for it.</summary>
    [Fact]
    public void Span_IsNotTraced_OutsideARequest() => Assert.Equal(
        SamplingDecision.Drop, new RequestSampler(1).ShouldSample(new SamplingParameters(default, Trace, "x", ActivityKind.Client)).Decision);
}
