using System.Buffers;
using System.Text.Json;
using Proofgate.Inference.Dialects.Events;

namespace Proofgate.Inference.Dialects;

/// <summary>One text of a streamed answer and what of it is held back.</summary>
internal sealed class AnswerSlot(SlotKey key, RedactionPlan plan, KindCounts redactions)
{
    private readonly SlotRedactor _redactor = new(plan);
    private readonly ArrayBufferWriter<char> _released = new(256);

    internal SlotKey Key => key;

    /// <summary>How the text ended; null while it goes on.</summary>
    internal TextEnd? End { get; private set; }

    /// <summary>Whether anything of the text was seen, and so what is redacted in it counted.</summary>
    internal bool Seen { get; set; }

    /// <summary>Whether the text has characters that are not released yet.</summary>
    internal bool Holds => _redactor.HeldLength > 0;

    /// <summary>The event in which what is held goes out; for dialects whose events say themselves which text they are of.</summary>
    internal HeldFrame? Frame { get; set; }

    /// <summary>Feeds one piece; with <paramref name="end"/> it is the text's last. The result is valid until the next call.</summary>
    /// <param name="text">Decoded text.</param>
    /// <param name="end">Set where the choice ends with this piece.</param>
    /// <param name="verbatim">True if exactly this piece is released, so that its bytes can be sent as they are.</param>
    internal ReadOnlySpan<char> Push(ReadOnlySpan<char> text, TextEnd? end, out bool verbatim)
    {
        if (End is not null && !text.IsEmpty)
        {
            // What was released of it could be the first half of a value.
            throw new JsonException("Text goes on after its end.");
        }

        Seen |= !text.IsEmpty;
        var heldBefore = _redactor.HeldLength;
        _released.ResetWrittenCount();
        _redactor.Push(text, _released);
        if (end is { } reason)
        {
            Finish(reason);
        }

        verbatim = heldBefore == 0 && _redactor.HeldLength == 0 && _released.WrittenSpan.SequenceEqual(text);
        return _released.WrittenSpan;
    }

    /// <summary>Ends the text and gives what was held of it.</summary>
    internal ReadOnlySpan<char> Complete(TextEnd end)
    {
        _released.ResetWrittenCount();
        Finish(end);
        return _released.WrittenSpan;
    }

    private void Finish(TextEnd end)
    {
        End ??= end;
        _redactor.Complete(end, _released);
        redactions.Add(_redactor.Redactions);
        _redactor.Reset();
    }
}
