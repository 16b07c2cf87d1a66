using System.Buffers;
using System.Text.Json;
using Proofgate.Inference.Dialects.Events;

namespace Proofgate.Inference.Dialects;

/// <summary>One text of a streamed answer and what of it is held back.</summary>
internal sealed class AnswerSlot(SlotKey key, RedactionPlan plan, AnswerFacts facts, AnswerSlots slots)
{
    private readonly SlotRedactor _redactor = new(plan);
    private readonly ArrayBufferWriter<char> _released = new(256);
    private readonly ArrayBufferWriter<char> _meant = new(256);
    private readonly ArrayBufferWriter<char> _json = new(256);
    private readonly ArrayBufferWriter<char> _restored = new(256);
    private readonly ArrayBufferWriter<char> _named = new();
    private JsonTextFilter? _filter = key.IsJson && !plan.IsOpen ? new JsonTextFilter() : null;
    private PlaceholderRestorer? _restorer;
    private bool _begun = key.IsJson || !key.IsSaid || plan.IsOpen;
    private JsonBeginning _beginning;

    internal SlotKey Key => key;

    /// <summary>How the text ended; null while it goes on.</summary>
    internal TextEnd? End { get; private set; }

    /// <summary>Whether anything of the text was seen, and so what is redacted in it counted.</summary>
    internal bool Seen { get; set; }

    /// <summary>Whether the text has characters that are not released yet.</summary>
    internal bool Holds => _redactor.HeldLength > 0 || _filter is { Holds: true } || _restorer is { HeldLength: > 0 };

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
        Inspect(Meant(text));
        if (end is { } reason)
        {
            Finish(reason);
        }

        var released = Released(end is not null);
        verbatim = !heldBefore && !Holds && released.SequenceEqual(text);
        return released;
    }

    /// <summary>Ends the text and gives what was held of it.</summary>
    internal ReadOnlySpan<char> Complete(TextEnd end)
    {
        _released.ResetWrittenCount();
        Finish(end);
        return Released(isLast: true);
    }

    private void Inspect(ReadOnlySpan<char> meant)
    {
        facts.Heard?.Add(key, meant);
        if (facts.Names is { } names && !meant.IsEmpty)
        {
            _named.ResetWrittenCount();
            names.Write(key, meant, _named, facts.Redactions);
            meant = _named.WrittenSpan;
        }

        _redactor.Push(meant, _released);
    }

    private ReadOnlySpan<char> Meant(ReadOnlySpan<char> text)
    {
        if (!_begun && _beginning.Of(text) is { } isJson)
        {
            (_begun, _filter) = (true, isJson ? new JsonTextFilter() : null);
        }

        if (_filter is null)
        {
            return text;
        }

        _meant.ResetWrittenCount();
        _filter.Read(text, _meant);
        return _meant.WrittenSpan;
    }

    private ReadOnlySpan<char> Released(bool isLast)
    {
        var released = _released.WrittenSpan;
        if (_filter is not null)
        {
            _json.ResetWrittenCount();
            _filter.Write(released, _json);
            released = _json.WrittenSpan;
        }

        return plan.Restoration is { } restoration ? Restored(restoration, released, isLast) : released;
    }

    /// <summary>After redaction: what comes back is the caller's own. The tool is known by its name before its arguments come.</summary>
    private ReadOnlySpan<char> Restored(Restoration restoration, ReadOnlySpan<char> released, bool isLast)
    {
        if (_restorer is null && released.IsEmpty)
        {
            return released;
        }

        _restored.ResetWrittenCount();
        _restorer ??= new PlaceholderRestorer(restoration.Map, slots.BackInto(key), _filter is not null, facts.Restored);
        _restorer.Push(released, _restored);
        if (isLast)
        {
            _restorer.Complete(_restored);
        }

        return _restored.WrittenSpan;
    }

    private void Finish(TextEnd end)
    {
        End ??= end;
        if (_filter is { Holds: true })
        {
            _meant.ResetWrittenCount();
            _filter.EndRead(_meant);
            Inspect(_meant.WrittenSpan);
        }

        _redactor.Complete(end, _released);
        facts.Redactions.Add(_redactor.Redactions);
        _redactor.Reset();
    }
}
