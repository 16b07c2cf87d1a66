using System.Diagnostics.Metrics;

namespace Proofgate.Audit;

/// <summary>What this room measures. Names and tags are documented in shared/Http/README.md; tags hold words of our own and nothing else.</summary>
internal static class Measures
{
    private static readonly Meter Meter = new("Proofgate.Audit");

    /// <summary>Events that were given up before they were durable.</summary>
    internal static readonly Counter<long> Failures = Meter.CreateCounter<long>("proofgate.audit.failures", "{event}");

    /// <summary>From sealing a batch to its acknowledgement.</summary>
    internal static readonly Histogram<double> Commit = Meter.CreateHistogram<double>("proofgate.audit.commit.duration", "s");

    /// <summary>From the stream's acknowledgement to the ledger's commit.</summary>
    internal static readonly Histogram<double> Delay = Meter.CreateHistogram<double>("proofgate.ledger.delay", "s");

    /// <summary>Records that the stream holds and the ledger does not.</summary>
    internal static readonly Gauge<long> Lag = Meter.CreateGauge<long>("proofgate.ledger.lag", "{event}");

    /// <summary>Passes over the logs that were to be signed.</summary>
    internal static readonly Counter<long> Passes = Meter.CreateCounter<long>("proofgate.checkpoints.passes", "{pass}");
}
