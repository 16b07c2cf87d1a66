using System.Diagnostics;
using System.Diagnostics.Metrics;
using Proofgate.Enforcement.Limits;

namespace Proofgate.Enforcement;

/// <summary>What this room measures. Names and tags are documented in shared/Http/README.md; tags hold words of our own and nothing else.</summary>
public static class Measures
{
    /// <summary>Spans of this room: <c>proofgate.decide</c>, and in it <c>proofgate.record</c>.</summary>
    internal static readonly ActivitySource Spans = new("Proofgate.Enforcement");

    private const int LongestWord = 48;

    private static readonly Meter Meter = new("Proofgate.Enforcement");
    private static readonly Histogram<double> Decision = Meter.CreateHistogram<double>("proofgate.decision.duration", "s");
    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>("proofgate.refusals", "{refusal}");
    private static readonly Counter<long> Answers = Meter.CreateCounter<long>("proofgate.answers", "{answer}");
    private static readonly Histogram<double> FirstByte = Meter.CreateHistogram<double>("proofgate.answer.first_byte", "s");
    private static readonly Histogram<double> BudgetUse = Meter.CreateHistogram<double>("proofgate.budget.use", "1");

    /// <param name="reason">The error's code, or the audited reason.</param>
    public static void Refused(string reason, int status) => Refusals.Add(1, new("reason", Word(reason)), new("status", status));

    internal static void Decided(TimeSpan duration, bool admitted) => Decision.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", admitted ? "admitted" : "refused"));

    internal static void Answered(CallOutcome outcome, bool stream, TimeSpan? firstByte)
    {
        var (result, streamed) = (new KeyValuePair<string, object?>("result", Word(outcome.Result)), new KeyValuePair<string, object?>("stream", stream));
        Answers.Add(1, result, streamed);
        if (firstByte is { } waited)
        {
            FirstByte.Record(waited.TotalSeconds, streamed);
        }
    }

    internal static void BudgetUsed(double part, LimitScope scope, BudgetUnit unit) =>
        BudgetUse.Record(part, new("scope", scope.ToString().ToLowerInvariant()), new("unit", unit.ToString().ToLowerInvariant()));

    /// <summary>Codes are words like <c>rate_limit_exceeded</c>. What is none, wherever it came from, is not told.</summary>
    private static string Word(string code) =>
        code.Length <= LongestWord && code.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_') ? code : "other";
}
