using System.Buffers;

namespace Proofgate.Inference.Dialects;

/// <summary>What a recogniser found in an answer: masks for what this caller may not see, also where a value is cut over pieces.</summary>
internal sealed class AnswerNames(NamedValues names, RedactionPlan plan, HeardTexts heard)
{
    private readonly Dictionary<SlotKey, (IReadOnlyList<NamedSpan> Spans, int At)> _slots = [];

    /// <summary>A whole text, as it is meant.</summary>
    internal string Masked(string text, KindCounts? redactions)
    {
        var spans = SpansIn(text);
        if (spans.Count == 0)
        {
            return text;
        }

        var masked = new ArrayBufferWriter<char>(text.Length);
        Write(text, 0, spans, masked, redactions);
        return masked.WrittenSpan.ToString();
    }

    /// <summary>The next piece of a text, as it is meant: a mask stands where the value begins.</summary>
    internal void Write(in SlotKey key, ReadOnlySpan<char> piece, IBufferWriter<char> masked, KindCounts redactions)
    {
        var (spans, at) = _slots.TryGetValue(key, out var slot) ? slot : (SpansIn(heard.TextOf(key)), 0);
        Write(piece, at, spans, masked, redactions);
        _slots[key] = (spans, at + piece.Length);
    }

    private IReadOnlyList<NamedSpan> SpansIn(string text) => names.In(text, kind => !plan.Revealed.Contains(kind));

    private static void Write(ReadOnlySpan<char> piece, int at, IReadOnlyList<NamedSpan> spans, IBufferWriter<char> masked, KindCounts? redactions)
    {
        var done = 0;
        foreach (var span in spans)
        {
            var (start, end) = (Math.Clamp(span.Start - at, 0, piece.Length), Math.Clamp(span.End - at, 0, piece.Length));
            if (start == end)
            {
                continue;
            }

            masked.Write(piece[done..start]);
            if (span.Start >= at)
            {
                masked.Write($"[{span.Kind.Name}]");
                redactions?.Add(span.Kind);
            }

            done = end;
        }

        masked.Write(piece[done..]);
    }
}
