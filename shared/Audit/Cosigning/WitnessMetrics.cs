using System.Diagnostics.Metrics;

namespace Proofgate.Audit.Cosigning;

/// <summary>
/// How witnesses do, as metrics of the meter <see cref="MeterName"/>: what became of submissions, the age of the newest cosignature, and alarms. Tagged with the witness's
/// name of the settings.
/// </summary>
internal sealed class WitnessMetrics
{
    internal const string MeterName = "Proofgate.Audit";
    internal const string Submissions = "proofgate.audit.witness.submissions";
    internal const string Age = "proofgate.audit.witness.age";
    internal const string Alarm = "proofgate.audit.witness.alarm";

    private readonly Counter<long> _submissions;

    internal WitnessMetrics(IMeterFactory meters, Func<IReadOnlyList<WitnessState>> states, TimeProvider time)
    {
        var meter = meters.Create(MeterName);
        _submissions = meter.CreateCounter<long>(Submissions, "{submission}", "Checkpoints that a witness was shown, by its answer: cosigned, silent, refused, rewritten.");
        meter.CreateObservableGauge(
            Age,
            () => states().Where(static s => s.Cosigned is not null).Select(s => Of((time.GetUtcNow() - s.Cosigned!.Value).TotalSeconds, s.Name)),
            "s",
            "Time since a witness last cosigned a checkpoint for this process. It grows while there is nothing new to cosign.");
        meter.CreateObservableGauge(
            Alarm, () => states().Select(static s => Of(s.Alarm ? 1 : 0, s.Name)), "{alarm}", "1 where a witness says that a log does not go on from what it has cosigned.");
    }

    /// <param name="witness">Its name.</param>
    /// <param name="reply">Null where there was nothing to submit.</param>
    internal void Count(string witness, WitnessReply? reply)
    {
        if (reply is not null)
            _submissions.Add(1, Tag(witness), new KeyValuePair<string, object?>("result", ResultOf(reply)));
    }

    private static string ResultOf(WitnessReply reply) => reply switch
    {
        WitnessReply.Cosigned => "cosigned",
        WitnessReply.Refused { Status: 422 } or WitnessReply.Holds => "rewritten",
        WitnessReply.Refused => "refused",
        _ => "silent",
    };

    private static Measurement<T> Of<T>(T value, string witness)
        where T : struct => new(value, Tag(witness));

    private static KeyValuePair<string, object?> Tag(string witness) => new("witness", witness);
}
