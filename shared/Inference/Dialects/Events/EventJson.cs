using System.Buffers;
using System.Text.Json;

namespace Proofgate.Inference.Dialects.Events;

/// <summary>
/// Second reading of an answer whose events say what they are: the dialect gives a rule for each member. Whatever it gives no rule for is
/// inspected, so a field that a provider adds tomorrow is not a way around.
/// </summary>
internal abstract class EventJson<TPlace>(RedactionPlan plan, AnswerFacts facts, AnswerSlots slots, UpstreamIds? ids) : AnswerJson(plan, facts)
    where TPlace : struct, Enum
{
    private readonly RedactionPlan _plan = plan;
    private readonly KindCounts _redactions = facts.Redactions;
    private readonly Dictionary<string, string> _wrapped = new(StringComparer.Ordinal);
    private ArrayBufferWriter<byte> _output = null!;
    private AnswerSlot? _piece;
    private int _pieceStart;
    private int _pieceEnd;
    private bool _streamed;

    protected AnswerSlots Slots => slots;

    /// <summary>Whether the event at hand has a number.</summary>
    internal bool Numbered { get; private set; }

    /// <summary>How a text of the event at hand ends that is inspected on its own.</summary>
    protected TextEnd End { get; set; }

    /// <summary>Rewrites one object. Of a stream's event the end of the object, with its number, is left to the caller.</summary>
    internal void Rewrite(ReadOnlySpan<byte> json, TPlace root, bool streamed, ArrayBufferWriter<byte> output)
    {
        (_output, _piece, _streamed, Numbered) = (output, null, streamed, false);
        var reader = Open(json, output);
        CopyMembers(ref reader, json, root, isRoot: true);
        if (!streamed)
        {
            Writer.WriteEndObject();
        }

        Writer.Flush();
    }

    /// <summary>After <see cref="Rewrite"/>: remembers the event at hand for what its text still holds.</summary>
    internal void Remember(ReadOnlySpan<byte> name)
    {
        if (_piece is { Holds: true } slot && IsPieceEvent)
        {
            var json = _output.WrittenSpan;
            (slot.Frame ??= new HeldFrame()).Learn(name, json[.._pieceStart], json[_pieceEnd..]);
        }
    }

    /// <summary>Whether another event like the one at hand would add to the text.</summary>
    protected abstract bool IsPieceEvent { get; }

    protected abstract Rule<TPlace> RuleOf(ref Utf8JsonReader name, TPlace place);

    /// <summary>The text that the value at this name is a piece of.</summary>
    protected abstract AnswerSlot SlotOf(ref Utf8JsonReader name, TPlace place);

    /// <summary>Which text a whole one is, of those that are not said again; null where it is no text of its own.</summary>
    protected virtual SlotKey? KeyOf(Treatment treatment) => null;

    /// <summary>How a text ends with the event at hand that says it again; null if it goes on.</summary>
    protected virtual TextEnd? EndNow(in SlotKey key) => null;

    /// <summary>Called before element <paramref name="index"/> of an array.</summary>
    protected virtual void Enter(TPlace place, int index)
    {
    }

    private void CopyMembers(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, TPlace place, bool isRoot)
    {
        Writer.WriteStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var rule = RuleOf(ref reader, place);
            if (isRoot && _streamed && rule.Treatment == Treatment.Sequence)
            {
                Numbered = true;
                reader.Skip();
                continue;
            }

            if (rule.Treatment == Treatment.Repeats && Masks)
            {
                CopyName(ref reader);
                reader.Read();
                WriteNothing(reader.TokenType);
                reader.Skip();
                continue;
            }

            var slot = (rule.Treatment == Treatment.Again || (rule.Treatment == Treatment.Piece && _streamed)) && StartsString(reader) ? SlotOf(ref reader, place) : null;
            CopyName(ref reader);
            reader.Read();
            if (slot is null)
            {
                Copy(ref reader, json, rule);
            }
            else if (rule.Treatment == Treatment.Again)
            {
                CopyAgain(ref reader, json, slot);
            }
            else if (_piece is not null)
            {
                Copy(ref reader, json, rule with { Treatment = Treatment.Fragment });
            }
            else
            {
                CopyPiece(ref reader, json, slot);
            }
        }

        if (!isRoot)
        {
            Writer.WriteEndObject();
        }
    }

    private void CopyPiece(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, AnswerSlot slot)
    {
        _piece = slot;
        Writer.Flush();
        _pieceStart = _output.WrittenCount;
        CopySlotText(ref reader, json, slot, end: null);
        Writer.Flush();
        _pieceEnd = _output.WrittenCount;
    }

    private void CopyAgain(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, AnswerSlot slot)
    {
        if ((slot.End ?? EndNow(slot.Key)) is { } end)
        {
            CopyWholeText(ref reader, json, end, counts: !slot.Seen, slot.Key, slots.BackInto(slot.Key));
            slot.Seen = true;
        }
        else if (Masks)
        {
            // It goes on, and what is held of it must not be shown here.
            Writer.WriteStringValue(ReadOnlySpan<byte>.Empty);
        }
        else
        {
            CopyToken(ref reader, json);
        }
    }

    private void Copy(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, Rule<TPlace> rule)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                CopyMembers(ref reader, json, rule.Next, isRoot: false);
                break;
            case JsonTokenType.StartArray:
                Writer.WriteStartArray();
                for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
                {
                    Enter(rule.Next, i);
                    Copy(ref reader, json, rule);
                }

                Writer.WriteEndArray();
                break;
            case JsonTokenType.String:
                CopyString(ref reader, json, rule.Treatment);
                break;
            case JsonTokenType.Number when rule.Treatment == Treatment.Arguments:
                CopyNumber(ref reader, json);
                break;
            default:
                CopyToken(ref reader, json);
                break;
        }
    }

    private void CopyString(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, Treatment treatment)
    {
        switch (treatment)
        {
            case Treatment.Structural or Treatment.Sequence:
                CopyToken(ref reader, json);
                break;
            case Treatment.Id when ids is not null:
                Writer.WriteStringValue(Wrapped(reader.GetString()!));
                break;
            case Treatment.Said or Treatment.Arguments when KeyOf(treatment) is { } key:
                CopyWholeText(ref reader, json, End, Counts, key, slots.BackInto(key));
                break;
            case Treatment.Fragment or Treatment.Piece when _streamed && Masks && !IsTag(ref reader):
                Writer.WriteStringValue(ReadOnlySpan<byte>.Empty);
                break;
            default:
                CopyWholeText(ref reader, json, End);
                break;
        }
    }

    /// <summary>A card is one with or without its quotes.</summary>
    private void CopyNumber(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        Span<char> digits = stackalloc char[64];
        if (reader.ValueSpan.Length <= digits.Length)
        {
            var text = digits[..System.Text.Encoding.UTF8.GetChars(reader.ValueSpan, digits)].ToString();
            var redacted = Redactor.RedactWhole(_plan, text, TextEnd.Finished, Counts ? _redactions : null);
            if (!ReferenceEquals(redacted, text))
            {
                Writer.WriteStringValue(redacted);
                return;
            }
        }

        CopyToken(ref reader, json);
    }

    /// <summary>The caller's name for an id.</summary>
    protected string Wrapped(string id)
    {
        if (ids is null)
        {
            return id;
        }

        if (!_wrapped.TryGetValue(id, out var name))
        {
            _wrapped.Add(id, name = ids.Wrap(id));
        }

        return name;
    }

    private void WriteNothing(JsonTokenType token)
    {
        if (token == JsonTokenType.StartArray)
        {
            Writer.WriteStartArray();
            Writer.WriteEndArray();
        }
        else
        {
            Writer.WriteNullValue();
        }
    }

    private static bool StartsString(Utf8JsonReader atName) => atName.Read() && atName.TokenType == JsonTokenType.String;
}
