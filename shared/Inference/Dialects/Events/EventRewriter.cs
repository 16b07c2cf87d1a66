using System.Buffers;
using System.Text;
using System.Text.Json;
using Proofgate.Inference.Relay;

namespace Proofgate.Inference.Dialects.Events;

/// <summary>
/// Rewrites the answers of protocols whose events say what they are. A text goes through one redactor, however many events it comes in.
/// Where a text has ended but not yet why, and something of it is held, that event and those after it wait until the protocol says why.
/// </summary>
internal abstract class EventRewriter<TPlace> : IAnswerRewriter
    where TPlace : struct, Enum
{
    /// <summary>Bytes of events that wait. A provider that does not say how a text ended is taken to have cut it.</summary>
    private const int MaxWaiting = 1024 * 1024;

    private static readonly SearchValues<char> Word = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_.");

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    private readonly Queue<byte[]> _waiting = [];
    private readonly ArrayBufferWriter<byte> _data = new(1024);
    private readonly ArrayBufferWriter<byte> _event = new(1024);
    private readonly RedactionPlan _plan;
    private readonly TPlace _answer;
    private int _waitingBytes;
    private long _sequence = -1;

    /// <param name="plan">What may be seen.</param>
    /// <param name="answer">The place of an answer that is not streamed.</param>
    protected EventRewriter(RedactionPlan plan, TPlace answer)
    {
        (_plan, _answer) = (plan, answer);
        Slots = new AnswerSlots(plan, Facts);
    }

    public AnswerFacts Facts { get; } = new();

    protected AnswerSlots Slots { get; }

    protected abstract EventJson<TPlace> Json { get; }

    public StreamStep RewriteEvent(ReadOnlySpan<byte> data, IBufferWriter<byte> frames)
    {
        try
        {
            return Take(data, frames);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new AnswerFormatException("The upstream sent an event that is not the JSON of its protocol.", e);
        }
    }

    public void CutShort(IBufferWriter<byte> frames)
    {
        try
        {
            while (_waiting.TryDequeue(out var data))
            {
                using var document = JsonDocument.Parse(data, Strict);
                Write(data, document.RootElement, frames);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or AnswerFormatException)
        {
            // The stream has failed already; what could not be read is not released.
            _waiting.Clear();
        }

        foreach (var slot in Slots.All)
        {
            Flush(slot, TextEnd.CutShort, frames);
        }
    }

    public void RewriteWhole(ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        try
        {
            var data = body.ToArray();
            using var document = JsonDocument.Parse(data, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new JsonException("Not an object.");
            }

            NoteAnswer(document.RootElement);
            _event.ResetWrittenCount();
            Json.Rewrite(data, _answer, streamed: false, _event);
            output.Write(_event.WrittenSpan);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new AnswerFormatException("The upstream's answer is not JSON.", e);
        }
    }

    public void WriteFault(IBufferWriter<byte> frames, StreamFault fault)
    {
        var json = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(json))
        {
            WriteFault(writer, fault, _sequence + 1);
        }

        SseFrame.Write(frames, "error"u8, json.WrittenSpan);
    }

    public void Dispose() => Json.Dispose();

    /// <summary>Takes from an event what must be known before its text is read, and says what it means for the stream.</summary>
    protected abstract StreamStep Note(string type, JsonElement root);

    /// <summary>Takes the same from a whole answer.</summary>
    protected abstract void NoteAnswer(JsonElement root);

    /// <summary>The place of an event's own members; called after <see cref="Note"/>.</summary>
    protected abstract TPlace PlaceOf(string type);

    /// <summary>Whether the event ends a text while its reason is not known.</summary>
    protected abstract bool LeavesOpen(string type, JsonElement root);

    /// <summary>Whether the event says how the texts ended that wait. If so, <see cref="EndOf"/> knows it from then on.</summary>
    protected abstract bool Settles(string type, JsonElement root);

    /// <summary>How <paramref name="key"/> ends with the event at hand; null if it goes on.</summary>
    protected abstract TextEnd? EndOf(in SlotKey key, string type);

    protected abstract void WriteFault(Utf8JsonWriter writer, StreamFault fault, long sequence);

    protected static int IndexOf(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var index) ? index : 0;

    protected static long? CountOf(JsonElement parent, string name) => JsonBody.ReadCount(parent, name) is { } count and >= 0 ? count : null;

    private StreamStep Take(ReadOnlySpan<byte> data, IBufferWriter<byte> frames)
    {
        _data.ResetWrittenCount();
        _data.Write(data);
        using var document = JsonDocument.Parse(_data.WrittenMemory, Strict);
        var root = document.RootElement;
        var type = TypeOf(root);
        if (_waiting.Count == 0 && !LeavesOpen(type, root))
        {
            return Write(data, root, frames);
        }

        if (_waiting.Count == 0 || !Settles(type, root))
        {
            _waiting.Enqueue(data.ToArray());
            _waitingBytes += data.Length;
            return _waitingBytes > MaxWaiting ? Release(frames) : StreamStep.Continue;
        }

        Release(frames);
        return Write(data, root, frames);
    }

    private StreamStep Release(IBufferWriter<byte> frames)
    {
        _waitingBytes = 0;
        var step = StreamStep.Continue;
        while (step == StreamStep.Continue && _waiting.TryDequeue(out var data))
        {
            using var document = JsonDocument.Parse(data, Strict);
            step = Write(data, document.RootElement, frames);
        }

        return step;
    }

    private StreamStep Write(ReadOnlySpan<byte> data, JsonElement root, IBufferWriter<byte> frames)
    {
        var type = TypeOf(root);
        var step = Note(type, root);
        _event.ResetWrittenCount();
        Json.Rewrite(data, PlaceOf(type), streamed: true, _event);
        var name = Encoding.ASCII.GetBytes(type);
        Json.Remember(name);
        foreach (var slot in Slots.All)
        {
            var end = step == StreamStep.Continue ? EndOf(slot.Key, type) : EndOf(slot.Key, type) ?? TextEnd.CutShort;
            if (end is { } reason)
            {
                Flush(slot, reason, frames);
            }
        }

        HeldFrame.EndObject(_event, Number(root));
        SseFrame.Write(frames, name, _event.WrittenSpan);
        return step;
    }

    private void Flush(AnswerSlot slot, TextEnd end, IBufferWriter<byte> frames)
    {
        var rest = slot.Complete(end);
        if (!rest.IsEmpty)
        {
            slot.Frame!.Write(frames, rest, _sequence >= 0 ? ++_sequence : null);
        }
    }

    private long? Number(JsonElement root)
    {
        if (!Json.Numbered)
        {
            return null;
        }

        _sequence = _sequence >= 0 ? _sequence + 1 : CountOf(root, "sequence_number") ?? 0;
        return _sequence;
    }

    /// <summary>The name of an event stands in a line of its own, as the provider wrote it: it must be a word, and no value of any kind.</summary>
    private string TypeOf(JsonElement root)
    {
        var type = root.ValueKind == JsonValueKind.Object ? JsonBody.TextOf(root, "type") : null;
        if (type is not { Length: > 0 and <= 64 } || type.AsSpan().ContainsAnyExcept(Word) || !ReferenceEquals(Redactor.RedactWhole(_plan, type, TextEnd.CutShort), type))
        {
            throw new JsonException("An event without a type.");
        }

        return type;
    }
}
