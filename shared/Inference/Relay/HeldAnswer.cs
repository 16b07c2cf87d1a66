using System.Buffers;
using Microsoft.Extensions.Options;
using Proofgate.Enforcement;
using Proofgate.Inference.Dialects;
using Proofgate.Inference.Recognisers;

namespace Proofgate.Inference.Relay;

/// <summary>
/// An answer that is held until a recogniser has looked at all of it: a name can be told from other words only by what stands around it. Bounded; nothing of it has
/// gone out when it turns out to be too long, or the recogniser to be out of order.
/// </summary>
internal sealed class HeldAnswer : IDisposable
{
    private readonly AdmittedCall<InferenceCall> _call;
    private readonly Recognition _recognition;
    private readonly int _maxBytes;
    private readonly IAnswerRewriter _ear;
    private readonly HeardTexts _heard = new();
    private readonly ArrayBufferWriter<byte> _unsaid = new(1024);
    private readonly List<byte[]> _events = [];
    private long _bytes;

    private HeldAnswer(AdmittedCall<InferenceCall> call, Recognition recognition, int maxBytes)
    {
        (_call, _recognition, _maxBytes) = (call, recognition, maxBytes);
        _ear = call.Call.Speech.CreateRewriter(call.Call.Body, call.Redaction);
        _ear.Facts.Heard = _heard;
    }

    internal IReadOnlyList<byte[]> Events => _events;

    /// <summary>Null where no recogniser looks at the answers of this call.</summary>
    internal static HeldAnswer? For(AdmittedCall<InferenceCall> call, IOptions<RecogniserOptions>? options) =>
        call.Recognition is { Plan.Answers: true } recognition ? new HeldAnswer(call, recognition, (options?.Value ?? new RecogniserOptions()).MaxHeldBytes) : null;

    /// <summary>Takes an event of a stream.</summary>
    internal StreamStep Take(ReadOnlySpan<byte> data)
    {
        _bytes += data.Length;
        if (_bytes > _maxBytes)
        {
            throw new AnswerFormatException($"The answer is longer than {_maxBytes} bytes, and all of it must be looked at.");
        }

        _events.Add(data.ToArray());
        var step = _ear.RewriteEvent(data, _unsaid);
        _unsaid.ResetWrittenCount();
        return step;
    }

    /// <summary>Takes an answer that is not streamed.</summary>
    internal void TakeWhole(ReadOnlySpan<byte> body) => _ear.RewriteWhole(body, _unsaid);

    /// <summary>Has it looked at, and lets <paramref name="rewriter"/> know what was found.</summary>
    /// <exception cref="RecogniserUnavailableException">Nobody has looked at it: it may not go out.</exception>
    internal async ValueTask RecogniseAsync(IAnswerRewriter rewriter, CancellationToken cancellationToken)
    {
        _ear.CutShort(_unsaid);
        var names = await _recognition.NamesInAsync(_heard.All, cancellationToken);
        rewriter.Facts.Names = new AnswerNames(names, _call.Redaction, _heard);
    }

    public void Dispose() => _ear.Dispose();
}
