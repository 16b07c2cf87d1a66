using System.Buffers;

namespace Proofgate.Protection.Tests.Support;

/// <summary>Sends a text through a slot in pieces and watches what is released.</summary>
internal static class Pieces
{
    /// <summary>
    /// Redacts <paramref name="text"/> cut at <paramref name="cuts"/>; fails when released text is not the beginning of
    /// <paramref name="expected"/>.
    /// </summary>
    internal static string Redact(SlotRedactor slot, string text, IEnumerable<int> cuts, TextEnd end, string expected)
    {
        var released = new ArrayBufferWriter<char>();
        var from = 0;
        foreach (var cut in cuts.Append(text.Length))
        {
            slot.Push(text.AsSpan(from, cut - from), released);
            from = cut;
            // What was released cannot be taken back: it must be the beginning of what the whole text gives.
            Assert.True(
                expected.AsSpan().StartsWith(released.WrittenSpan),
                $"Released too early: '{released.WrittenSpan}' of '{expected}' after '{text[..cut]}'.");
            Assert.False(CutsPair(expected, released.WrittenCount), $"Released half of a surrogate pair after '{text[..cut]}'.");
        }

        slot.Complete(end, released);
        return released.WrittenSpan.ToString();
    }

    internal static string Redact(RedactionPlan plan, string text, TextEnd end = TextEnd.Finished)
    {
        var released = new ArrayBufferWriter<char>();
        var slot = new SlotRedactor(plan);
        slot.Push(text, released);
        slot.Complete(end, released);
        return released.WrittenSpan.ToString();
    }

    /// <summary>The same, character by character, everything masked, for a text that finished.</summary>
    internal static string ByCharacter(string text, string expected) =>
        Redact(new SlotRedactor(ShippedRules.MaskAll), text, Enumerable.Range(0, text.Length), TextEnd.Finished, expected);

    private static bool CutsPair(string text, int at) =>
        at > 0 && at < text.Length && char.IsSurrogatePair(text[at - 1], text[at]);
}
