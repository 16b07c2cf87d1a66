using Proofgate.Protection.Rules;

namespace Proofgate.Protection.Matching;

/// <summary>A part of the text that matches a rule.</summary>
/// <param name="Start">Position of its first character.</param>
/// <param name="End">Position after its last.</param>
/// <param name="DecidedAt">For a decisive rule, where it first matched; else <see cref="NotDecisive"/>.</param>
/// <param name="Rule">The rule.</param>
/// <param name="IsBeginning">True if the text was cut in the value.</param>
internal readonly record struct Finding(long Start, long End, long DecidedAt, Rule Rule, bool IsBeginning = false)
{
    internal const long NotDecisive = long.MaxValue;

    internal bool IsDecisive => DecidedAt != NotDecisive;

    /// <summary>The order in which overlapping findings name a redaction: see <see cref="RedactionPlan"/>.</summary>
    internal bool GoesBefore(in Finding other)
    {
        if (Start != other.Start)
            return Start < other.Start;
        if (DecidedAt != other.DecidedAt)
            return DecidedAt < other.DecidedAt;
        // Decisive findings still run: how far is not known when the redaction is named.
        return IsDecisive || End == other.End ? Rule.Index < other.Rule.Index : End > other.End;
    }
}
