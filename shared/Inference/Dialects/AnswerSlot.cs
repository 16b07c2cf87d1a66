using System.Buffers;
using System.Text.Json;
using Proofgate.Inference.Dialects.Events;

namespace Proofgate.Inference.Dialects;

/// <summary>One text of a streamed answer and what of it is held back.</summary>
internal sealed class AnswerSlot(SlotKey key, RedactionPlan plan, KindCounts redactions)
{
    private readonly SlotRedactor _redactor = new(plan);
    private readonly ArrayBufferWriter<char> _released = new(256);
    private readonly JsonTextFilter? _filter = key.IsJson && !plan.Rules.Kinds.All(plan.Revealed.Contains) ? new JsonTextFilter() : null;
    private readonly ArrayBufferWriter<char> _meant = new(256);
    private readonly ArrayBufferWriter<char> _json = new(256);

    internal SlotKey Key => key;

    /// <summary>How the text ended; null while it goes on.</summary>
    internal TextEnd? End { get; private set; }

    /// <summary>Whether anything of the text was seen, and so what is redacted in it counted.</summary>
    internal bool Seen { get; set; }

    /// <summary>Whether the text has characters that are not released yet.</summary>
    internal bool Holds => _redactor.HeldLength > 0 || _filter is { Holds: true };

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
        var heldBefore = Holds;
        _released.ResetWrittenCount();
        _redactor.Push(Meant(text), _released);
        if (end is { } reason)
        {
            Finish(reason);
        }

        var released = Released();
        verbatim = !heldBefore && !Holds && released.SequenceEqual(text);
        return released;
    }

    /// <summary>Ends the text and gives what was held of it.</summary>
    internal ReadOnlySpan<char> Complete(TextEnd end)
    {
        _released.ResetWrittenCount();
        Finish(end);
        return Released();
    }

    private ReadOnlySpan<char> Meant(ReadOnlySpan<char> text)
    {
        if (_filter is null)
        {
            return text;
        }

        _meant.ResetWrittenCount();
        _filter.Read(text, _meant);
        return _meant.WrittenSpan;
    }

    private ReadOnlySpan<char> Released()
    {
        if (_filter is null)
        {
            return _released.WrittenSpan;
        }

        _json.ResetWrittenCount();
        _filter.Write(_released.WrittenSpan, _json);
        return _json.WrittenSpan;
    }

    private void Finish(TextEnd end)
    {
        End ??= end;
        if (_filter is { Holds: true })
        {
            _meant.ResetWrittenCount();
            _filter.EndRead(_meant);
            _redactor.Push(_meant.WrittenSpan, _released);
        }

        _redactor.Complete(end, _released);
        redactions.Add(_redactor.Redactions);
        _redactor.Reset();
    }
}
