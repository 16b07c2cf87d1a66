using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Enforcement;
using Proofgate.Http.Errors;
using Proofgate.Inference;
using Proofgate.Inference.Relay;
using Proofgate.Inference.Routing;

namespace Proofgate.Http.Endpoints;

/// <summary>Steps 10 to 12 of an admitted inference call: ask the upstream, write what the caller may see, record how it ended.</summary>
public sealed class AnswerWriter(
    TargetRouter router, StreamRelay streams, PlainRelay plain, IOptions<InferenceOptions> options, TimeProvider time, ILogger<AnswerWriter> log)
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    /// <summary>Bytes that the server takes without waiting for the client.</summary>
    private const int MostAtOnce = 32 * 1024;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(20);

    internal async Task AnswerAsync(Exchange exchange, InferenceRun run)
    {
        var streaming = run.Call.Call.Body.Stream;
        using var tooLate = new CancellationTokenSource(streaming ? Timeout.InfiniteTimeSpan : options.Value.PlainAnswerTimeout, time);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(exchange.ClientGone, tooLate.Token);
        CallOutcome outcome;
        try
        {
            await using var answer = await AskAsync(exchange, run, gone.Token);
            var call = run.Call;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(gone.Token, call.Revoked);
            using var rewriter = call.Call.Speech.CreateRewriter(call.Call.Body, call.Redaction);
            outcome = !answer.IsSuccess ? await RelayErrorAsync(exchange, run, answer, rewriter, stop.Token)
                : streaming ? await StreamAsync(exchange, run, answer, rewriter)
                : await WholeAsync(exchange, call, answer, rewriter, stop.Token);
        }
        catch (OperationCanceledException) when (run.Call.Revoked.IsCancellationRequested)
        {
            // Asked first: a write that is cancelled ends the connection, and then the client seems to have left.
            var ended = StreamFault.Ended(run.Call.RefusedByPolicy);
            outcome = await FailAsync(exchange, "revoked", run.Call.RefusedByPolicy ? 403 : 401, ended.Code, ended.Message);
        }
        catch (OperationCanceledException) when (exchange.ClientGone.IsCancellationRequested)
        {
            outcome = Exchange.ClientAborted;
        }
        catch (OperationCanceledException) when (exchange.Http.Response.HasStarted)
        {
            // The answer was there in time; whoever asked for it does not take it.
            exchange.Http.Abort();
            outcome = Exchange.ClientAborted;
        }
        catch (OperationCanceledException)
        {
            outcome = await FailAsync(
                exchange, "timed_out", 504, "upstream_timeout",
                $"The answer was not complete after {options.Value.PlainAnswerTimeout.TotalSeconds:0.#} s. Ask with \"stream\": true.");
        }
        catch (UpstreamException e)
        {
            log.UpstreamUnavailable(run.Call.Id, e.Message);
            outcome = await FailAsync(
                exchange, e.TimedOut ? "timed_out" : "upstream_failed", Failures.ToldFor(e),
                e.TimedOut ? "upstream_timeout" : e.AnswerBegan ? "upstream_failed" : "upstream_unavailable", e.Message, e.RetryAfter) with
            {
                InputTokens = run.CostIsUnknown ? null : 0,
                OutputTokens = run.CostIsUnknown ? null : 0,
            };
        }
        catch (RecogniserUnavailableException e)
        {
            log.UpstreamUnavailable(run.Call.Id, e.Message);
            outcome = await FailAsync(
                exchange, "upstream_failed", 503, "recogniser_unavailable", "The answer could not be looked at for names and places, so nothing of it is released. Try again shortly.");
        }
        catch (Exception e) when (e is AnswerFormatException or IOException or InvalidDataException or HttpRequestException)
        {
            log.UpstreamUnavailable(run.Call.Id, e is AnswerFormatException ? e.Message : e.GetType().Name);
            if (e is not AnswerFormatException)
            {
                await router.NoteFailureAsync(run);
            }

            outcome = await FailAsync(exchange, "upstream_failed", 502, "upstream_failed", e is AnswerFormatException ? e.Message : "The model's provider sent an answer that could not be read.");
        }

        await run.Call.CompleteAsync(outcome with { Attempts = run.Attempts });
    }

    /// <summary>The decision that stands when this ends is the one that the caller is told of: its id, its label and its promise.</summary>
    private async Task<UpstreamAnswer> AskAsync(Exchange exchange, InferenceRun run, CancellationToken cancellationToken)
    {
        var asking = router.AskAsync(run, cancellationToken);
        var first = run.Call;
        try
        {
            // Signed while the provider thinks: nobody waits for it.
            exchange.Name(first.Id, first.Receipt);
            return await asking;
        }
        finally
        {
            if (run.Moved)
            {
                exchange.Name(run.Call.Id, run.Call.Receipt);
            }

            exchange.Http.Response.Headers["Proofgate-Label"] = run.Call.Call.Bundle.Labels.NameOf(run.Call.Label);
            if (run.Call.Lineage is { } lineage)
            {
                exchange.Http.Response.Headers["Proofgate-Lineage"] = lineage;
            }
        }
    }

    private async Task<CallOutcome> StreamAsync(Exchange exchange, InferenceRun run, UpstreamAnswer answer, IAnswerRewriter rewriter)
    {
        var call = run.Call;
        if (!answer.IsStream)
        {
            throw new AnswerFormatException("The upstream answered a streaming request without a stream.");
        }

        var response = exchange.Http.Response;
        exchange.Http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers["X-Accel-Buffering"] = "no";
        await response.StartAsync(exchange.ClientGone);
        await response.BodyWriter.FlushAsync(exchange.ClientGone);
        var outcome = await streams.RunAsync(call, answer, rewriter, response.BodyWriter, rewriter.WriteFault, exchange.ClientGone);
        if (answer.Broke)
        {
            await router.NoteFailureAsync(run);
        }

        if (outcome.Result is "revoked")
        {
            await CutAsync(exchange.Http);
        }
        else if (!exchange.ClientGone.IsCancellationRequested)
        {
            await response.CompleteAsync();
        }

        return outcome;
    }

    /// <summary>A client that reads gets to know why; from one that does not, a connection with what it has not taken yet is taken away.</summary>
    private async Task CutAsync(HttpContext http)
    {
        using var patience = new CancellationTokenSource(Farewell, time);
        await using var cut = patience.Token.Register(http.Abort);
        try
        {
            await http.Response.CompleteAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // It is gone.
        }
    }

    private async Task<CallOutcome> WholeAsync(
        Exchange exchange, AdmittedCall<InferenceCall> call, UpstreamAnswer answer, IAnswerRewriter rewriter, CancellationToken stop)
    {
        var body = await plain.ReadAsync(call, answer, rewriter, stop);
        call.DigestAnswer(body.Span);
        var first = time.GetTimestamp();
        await WriteAsync(exchange.Http.Response, 200, body, stop);
        return new CallOutcome
        {
            Result = "completed",
            Status = 200,
            InputTokens = rewriter.Facts.InputTokens,
            OutputTokens = rewriter.Facts.OutputTokens,
            FinishReason = rewriter.Facts.FinishReason,
            Redactions = rewriter.Facts.Redactions,
            Restored = rewriter.Facts.Restored,
            Events = 1,
            BytesOut = body.Length,
            FirstByteAt = first,
        };
    }

    /// <summary>What the provider says of the request goes to the caller, inspected; what it says of our credential does not.</summary>
    private async Task<CallOutcome> RelayErrorAsync(Exchange exchange, InferenceRun run, UpstreamAnswer answer, IAnswerRewriter rewriter, CancellationToken stop)
    {
        var call = run.Call;
        log.UpstreamUnavailable(call.Id, $"status {answer.Status}");
        var told = Failures.ToldFor(answer.Status);
        var wait = told is 429 or 503 ? answer.RetryAfter(time.GetUtcNow()) : null;
        // A refusal costs nothing, unless another target has worked for an answer before.
        long? used = run.CostIsUnknown ? null : 0;
        if (told >= 500 || answer.MediaType != "application/json")
        {
            return await FailAsync(exchange, "upstream_refused", told, "upstream_refused", $"The model's provider answered with status {answer.Status}.", wait) with
            {
                InputTokens = used,
                OutputTokens = used,
            };
        }

        var body = await plain.ReadAsync(call, answer, rewriter, stop);
        call.DigestAnswer(body.Span);
        ErrorWriter.AddRequiredHeaders(exchange.Http.Response.Headers, new ErrorAnswer(answer.Status, "upstream_refused", string.Empty, null, wait));
        await WriteAsync(exchange.Http.Response, answer.Status, body, stop);
        return new CallOutcome
        {
            Result = "upstream_refused",
            Status = answer.Status,
            InputTokens = used,
            OutputTokens = used,
            Events = 1,
            BytesOut = body.Length,
            Redactions = rewriter.Facts.Redactions,
            Restored = rewriter.Facts.Restored,
        };
    }

    private async Task WriteAsync(HttpResponse response, int status, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        var gone = response.HttpContext.RequestAborted;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        if (body.Length > MostAtOnce)
        {
            // Of an answer that is written to its last byte Kestrel does not tell any more that its client has gone. So a long one's last byte waits for the others.
            var most = response.BodyWriter.WriteAsync(body[..^1], stop);
            if (!most.IsCompleted)
            {
                await most;
                // A write ends as if it was done when the client goes meanwhile; of that the server tells a moment later.
                await Task.Delay(Moment, time, gone);
            }

            gone.ThrowIfCancellationRequested();
            body = body[^1..];
        }

        await response.BodyWriter.WriteAsync(body, stop);
        await response.CompleteAsync();
    }

    private static async Task<CallOutcome> FailAsync(Exchange exchange, string result, int status, string code, string message, TimeSpan? retryAfter = null)
    {
        await ErrorWriter.WriteAsync(exchange.Http, exchange.Route.Errors, new ErrorAnswer(status, code, message, null, retryAfter));
        return new CallOutcome { Result = result, Status = status };
    }
}
