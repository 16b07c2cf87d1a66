using System.Buffers;
using Proofgate.Protection.Matching;

namespace Proofgate.Protection;

/// <summary>Redacts texts that are known as a whole. What is redacted: see <see cref="RedactionPlan"/>.</summary>
public static class Redactor
{
    /// <summary>Redacts a whole text. Equals what a <see cref="SlotRedactor"/> releases for any way of cutting it into pieces.</summary>
    /// <returns><paramref name="text"/> itself when nothing in it is redacted.</returns>
    public static string RedactWhole(RedactionPlan plan, string text, TextEnd end) => RedactWhole(plan, text, end, null);

    /// <summary>The same, and adds what was redacted to <paramref name="redactions"/>.</summary>
    public static string RedactWhole(RedactionPlan plan, string text, TextEnd end, KindCounts? redactions)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!MayMatch(plan, text))
            return text;
        text = ZeroWidthLimit.Apply(text);
        var matcher = Matcher.OfThread;
        matcher.Reset(plan.Rules, plan.Masked, plan.Values);
        matcher.Run(text, 0, 0);
        matcher.End(text, 0, end);
        return matcher.Findings.IsEmpty ? text : Mask(plan, text, matcher.Findings.Sorted, redactions);
    }

    /// <summary>
    /// False if nothing in <paramref name="text"/> would be redacted: a vectorised scan, for callers that can then copy it as it is.
    /// </summary>
    public static bool MayMatch(RedactionPlan plan, ReadOnlySpan<char> text)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Values is not null || (plan.Masked != 0 && plan.Rules.Automaton.Needles.OccursIn(text));
    }

    private static string Mask(RedactionPlan plan, string text, ReadOnlySpan<Finding> findings, KindCounts? redactions)
    {
        var result = new ArrayBufferWriter<char>(text.Length);
        var done = 0;
        for (var i = 0; i < findings.Length; i++)
        {
            ref readonly var finding = ref findings[i];
            if (finding.Start >= done)
            {
                result.Write(text.AsSpan(done, (int)finding.Start - done));
                var overlapping = findings[i..Overlap.EndOf(findings, i)];
                plan.ReplacementOf(finding).Write(overlapping, text.AsSpan((int)finding.Start, (int)(finding.End - finding.Start)), result);
                redactions?.Add(finding.Rule.Kind);
            }

            done = Math.Max(done, (int)finding.End);
        }

        result.Write(text.AsSpan(done));
        return result.WrittenSpan.ToString();
    }

    /// <summary>
    /// The text with an asterisk for each character of what the plan redacts: whoever reads it says where in it something stands, and that is where it stands in the
    /// text itself.
    /// </summary>
    public static string Blank(RedactionPlan plan, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!MayMatch(plan, text))
            return text;
        var matcher = Matcher.OfThread;
        matcher.Reset(plan.Rules, plan.Masked, plan.Values);
        matcher.Run(text, 0, 0);
        matcher.End(text, 0, TextEnd.CutShort);
        if (matcher.Findings.IsEmpty)
            return text;
        var blanked = text.ToCharArray();
        foreach (ref readonly var finding in matcher.Findings.Sorted)
        {
            foreach (ref var c in blanked.AsSpan((int)finding.Start, (int)(finding.End - finding.Start)))
                c = '*';
        }

        return new string(blanked);
    }
}
