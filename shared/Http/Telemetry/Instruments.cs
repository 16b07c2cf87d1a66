namespace Proofgate.Http.Telemetry;

/// <summary>
/// Every metric of ours. A tag that is not listed is not sent, so that no value of a caller can come along with one; README.md of this room documents the same list.
/// </summary>
public static class Instruments
{
    /// <summary>Different combinations of tags that one metric may have; more are added up as one.</summary>
    internal const int MaxCombinations = 256;

    public static IReadOnlyList<Instrument> All { get; } =
    [
        new("proofgate.decision.duration", "s", ["outcome"]),
        new("proofgate.refusals", "{refusal}", ["reason", "status"]),
        new("proofgate.answers", "{answer}", ["result", "stream"]),
        new("proofgate.answer.first_byte", "s", ["stream"]),
        new("proofgate.upstream.attempts", "{attempt}", ["target", "result"]),
        new("proofgate.upstream.resting", "{target}", ["target"]),
        new("proofgate.budget.use", "1", ["scope", "unit"]),
        new("proofgate.audit.failures", "{event}", ["lane"]),
        new("proofgate.audit.commit.duration", "s", ["lane"]),
        new("proofgate.ledger.delay", "s", []),
        new("proofgate.ledger.lag", "{event}", []),
        new("proofgate.checkpoints.passes", "{pass}", ["result"]),
        new("proofgate.audit.witness.submissions", "{submission}", ["witness", "result"]),
        new("proofgate.audit.witness.age", "s", ["witness"]),
        new("proofgate.audit.witness.alarm", "{alarm}", ["witness"]),
    ];

    internal static IReadOnlyList<string> Meters { get; } = ["Proofgate.Enforcement", "Proofgate.Audit", "Proofgate.Inference"];

    internal static IReadOnlyList<string> Sources { get; } = ["Proofgate.Enforcement"];
}
