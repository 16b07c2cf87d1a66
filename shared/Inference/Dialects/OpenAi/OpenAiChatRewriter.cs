using System.Buffers;
using System.Text.Json;
using Proofgate.Inference.Relay;

namespace Proofgate.Inference.Dialects.OpenAi;

/// <summary>
/// Rewrites chat completion answers. A stream's text goes through one redactor a slot (choice x field x tool call), so that a value cut over
/// many events is masked as if it stood in one; every other string is inspected on its own, except the structural fields.
/// </summary>
internal sealed class OpenAiChatRewriter : IAnswerRewriter
{
    private readonly bool _usageAsked;
    private readonly AnswerSlots _slots;
    private readonly ChatJsonWriter _json;
    private readonly ChatShape _shape;
    private readonly ChunkTemplate _template = new();
    private readonly ArrayBufferWriter<byte> _event = new(1024);

    internal OpenAiChatRewriter(RedactionPlan plan, bool usageAsked, bool stopsChosen)
    {
        _usageAsked = usageAsked;
        _shape = new ChatShape(stopsChosen);
        _slots = new AnswerSlots(plan, Facts);
        _json = new ChatJsonWriter(plan, _shape, Facts, _slots);
    }

    public AnswerFacts Facts { get; } = new();

    public StreamStep RewriteEvent(ReadOnlySpan<byte> data, IBufferWriter<byte> frames)
    {
        if (data.SequenceEqual("[DONE]"u8))
        {
            CutShort(frames);
            SseFrame.Write(frames, data);
            return StreamStep.Ended;
        }

        try
        {
            return RewriteChunk(data, frames);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new AnswerFormatException("The upstream sent an event that is not the JSON of a chat completion chunk.", e);
        }
    }

    public void CutShort(IBufferWriter<byte> frames)
    {
        foreach (var slot in _slots.All)
        {
            Flush(slot, TextEnd.CutShort, frames);
        }
    }

    public void RewriteWhole(ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        try
        {
            _shape.Read(body);
            NoteFacts();
            _json.Rewrite(body, slots: null, keepUsage: true, output);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new AnswerFormatException("The upstream's answer is not JSON.", e);
        }
    }

    public void WriteFault(IBufferWriter<byte> frames, StreamFault fault)
    {
        _event.ResetWrittenCount();
        OpenAiFault.Write(_event, fault);
        SseFrame.Write(frames, _event.WrittenSpan);
    }

    public void Dispose()
    {
        _json.Dispose();
        _template.Dispose();
    }

    private StreamStep RewriteChunk(ReadOnlySpan<byte> data, IBufferWriter<byte> frames)
    {
        _shape.Read(data);
        NoteFacts();
        if (_shape.Choices.Count == 0 && _shape.HasUsage && !_shape.IsError && !_usageAsked)
        {
            return StreamStep.Continue;
        }

        _event.ResetWrittenCount();
        _json.Rewrite(data, _shape.IsError ? null : _slots, _usageAsked, _event);
        if (_shape.IsError)
        {
            CutShort(frames);
            SseFrame.Write(frames, _event.WrittenSpan);
            return StreamStep.Failed;
        }

        if (_shape.Choices.Count > 0)
        {
            _template.Learn(data);
        }

        FlushEndedChoices(frames);
        SseFrame.Write(frames, _event.WrittenSpan);
        return StreamStep.Continue;
    }

    /// <summary>What is still held of a choice goes out before the chunk that says that the choice has ended.</summary>
    private void FlushEndedChoices(IBufferWriter<byte> frames)
    {
        foreach (var choice in _shape.Choices)
        {
            if (choice.End is { } end)
            {
                foreach (var slot in _slots.All)
                {
                    if (slot.Key.Choice == choice.Index)
                    {
                        Flush(slot, end, frames);
                    }
                }
            }
        }
    }

    private void Flush(AnswerSlot slot, TextEnd end, IBufferWriter<byte> frames)
    {
        var rest = slot.Complete(end);
        if (!rest.IsEmpty)
        {
            _template.WriteChunk(frames, slot.Key, rest);
        }
    }

    private void NoteFacts()
    {
        Facts.InputTokens = _shape.InputTokens ?? Facts.InputTokens;
        Facts.OutputTokens = _shape.OutputTokens ?? Facts.OutputTokens;
        foreach (var choice in _shape.Choices)
        {
            Facts.FinishReason = choice.Finish ?? Facts.FinishReason;
            for (var i = 0; i < choice.Tools.Count; i++)
            {
                _slots.Tools.Note(choice.Index, choice.Tools[i], choice.Names[i]);
            }

            _slots.Tools.Note(choice.Index, ToolNames.Function, choice.Function);
        }
    }
}
