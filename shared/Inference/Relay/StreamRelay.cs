using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Enforcement;
using Proofgate.Inference.Recognisers;

namespace Proofgate.Inference.Relay;

/// <summary>
/// Relays one streamed answer: per event, hold back, redact, write one frame, flush. The upstream is cancelled when the client leaves,
/// and the stream is cut when the caller is revoked, also while the client is not reading. Nothing is collected.
/// </summary>
public sealed class StreamRelay(IOptions<InferenceOptions> options, TimeProvider time, ILogger<StreamRelay> log, IOptions<RecogniserOptions>? recogniser = null)
{
    /// <summary>Time for the last, in-band error to reach a client that may have stopped reading.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    /// <summary>Runs until the stream has ended, whoever ended it. Does not throw for what clients and upstreams do.</summary>
    /// <param name="call">The admitted call; its <see cref="AdmittedCall{TCall}.Revoked"/> ends the stream.</param>
    /// <param name="answer">The upstream's answer, a server-sent event stream.</param>
    /// <param name="rewriter">Decides what of each event may be released.</param>
    /// <param name="client">The response body. It has been started.</param>
    /// <param name="inBandError">Makes the dialect's error event from code and message.</param>
    /// <param name="clientGone">Fires when the client has left.</param>
    public async Task<CallOutcome> RunAsync(
        AdmittedCall<InferenceCall> call, UpstreamAnswer answer, IAnswerRewriter rewriter, PipeWriter client,
        Action<IBufferWriter<byte>, StreamFault> inBandError, CancellationToken clientGone)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(clientGone, call.Revoked);
        using var silence = new Silence(options.Value.StreamIdleTimeout, time, stop.Token);
        await using var frames = new FrameWriter(client, call.DigestAnswer, options.Value.Heartbeat, time, stop.Token);
        var progress = new Progress();
        using var held = HeldAnswer.For(call, recogniser);
        StreamFault? fault;
        try
        {
            fault = await PumpAsync(answer, rewriter, held, frames, progress, silence, stop.Token)
                ? held is null ? null : await SayHeldAsync(held, rewriter, frames, progress, stop.Token)
                : new StreamFault("upstream_failed", "The model's provider ended the stream before the answer was complete.");
        }
        catch (OperationCanceledException) when (call.Revoked.IsCancellationRequested)
        {
            // Asked first: a write that is cancelled ends the connection, and then the client seems to have left.
            frames.Discard();
            await SayAsync(frames, inBandError, StreamFault.Ended(call.RefusedByPolicy));
            return Outcome("revoked");
        }
        catch (OperationCanceledException) when (clientGone.IsCancellationRequested)
        {
            return Outcome("client_aborted");
        }
        catch (OperationCanceledException) when (silence.Expired)
        {
            answer.Broke = true;
            fault = new StreamFault("upstream_timeout", "The model's provider has been silent for too long.");
        }
        catch (OperationCanceledException)
        {
            // A completed pipe: the client's side is gone though its token has not fired.
            return Outcome("client_aborted");
        }
        catch (Exception e) when (e is IOException or HttpRequestException or AnswerFormatException or InvalidDataException)
        {
            log.UpstreamStreamFailed(call.Id, e.GetType().Name);
            answer.Broke = e is not AnswerFormatException;
            fault = new StreamFault("upstream_failed", "The model's provider failed before the answer was complete.");
        }

        if (fault is null)
        {
            return Outcome(progress.FailedInBand ? "upstream_failed" : "completed");
        }

        frames.Discard();
        rewriter.CutShort(frames.Buffer);
        await SayAsync(frames, inBandError, fault);
        return Outcome(fault.Code == "upstream_timeout" ? "timed_out" : "upstream_failed");

        CallOutcome Outcome(string result) => new()
        {
            Result = result,
            Status = 200,
            InputTokens = rewriter.Facts.InputTokens,
            OutputTokens = rewriter.Facts.OutputTokens,
            FinishReason = rewriter.Facts.FinishReason,
            Redactions = rewriter.Facts.Redactions,
            Restored = rewriter.Facts.Restored,
            Events = progress.Events,
            BytesOut = frames.BytesWritten,
            FirstByteAt = progress.FirstByte,
        };
    }

    /// <returns>Whether the protocol's own last event was seen.</returns>
    private async Task<bool> PumpAsync(
        UpstreamAnswer answer, IAnswerRewriter rewriter, HeldAnswer? held, FrameWriter frames, Progress progress, Silence silence, CancellationToken stopped)
    {
        var events = answer.Events(options.Value.MaxEventBytes);
        while (await events.NextAsync(silence.Token))
        {
            if (held is not null)
            {
                silence.Pause();
                if (held.Take(events.Data) != StreamStep.Continue)
                {
                    return true;
                }

                silence.Heard();
                continue;
            }

            silence.Pause();
            var step = rewriter.RewriteEvent(events.Data, frames.Buffer);
            progress.Events++;
            progress.FirstByte ??= time.GetTimestamp();
            await frames.FlushAsync(stopped);
            if (step != StreamStep.Continue)
            {
                progress.FailedInBand = step == StreamStep.Failed;
                return true;
            }

            silence.Heard();
        }

        return false;
    }

    /// <summary>Has the whole answer looked at, and says it.</summary>
    /// <returns>Why it cannot be said; null if it was.</returns>
    private async Task<StreamFault?> SayHeldAsync(HeldAnswer held, IAnswerRewriter rewriter, FrameWriter frames, Progress progress, CancellationToken stopped)
    {
        try
        {
            await held.RecogniseAsync(rewriter, stopped);
        }
        catch (RecogniserUnavailableException)
        {
            return new StreamFault("recogniser_unavailable", "The answer could not be looked at for names and places, so nothing of it is released.");
        }

        foreach (var data in held.Events)
        {
            progress.FailedInBand |= rewriter.RewriteEvent(data, frames.Buffer) == StreamStep.Failed;
            progress.Events++;
            progress.FirstByte ??= time.GetTimestamp();
            await frames.FlushAsync(stopped);
        }

        return null;
    }

    private async Task SayAsync(FrameWriter frames, Action<IBufferWriter<byte>, StreamFault> inBandError, StreamFault fault)
    {
        inBandError(frames.Buffer, fault);
        using var patience = new CancellationTokenSource(Farewell, time);
        try
        {
            await frames.FlushAsync(patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client does not read any more; the outcome says how the stream ended.
        }
    }

    private sealed class Progress
    {
        internal long Events { get; set; }

        internal long? FirstByte { get; set; }

        internal bool FailedInBand { get; set; }
    }
}
