using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Enforcement;
using Proofgate.Http.Errors;
using Proofgate.Inference;
using Proofgate.Inference.Relay;

namespace Proofgate.Http.Endpoints;

/// <summary>Steps 10 to 12 of an admitted inference call: ask the upstream, write what the caller may see, record how it ended.</summary>
public sealed class AnswerWriter(
    StreamRelay streams, PlainRelay plain, IOptions<InferenceOptions> options, TimeProvider time, ILogger<AnswerWriter> log)
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    internal async Task AnswerAsync(Exchange exchange, AdmittedCall<InferenceCall> call, IUpstream upstream)
    {
        exchange.Http.Response.Headers["Proofgate-Label"] = call.Call.Bundle.Labels.NameOf(call.Label);
        var streaming = call.Call.Body.Stream;
        using var tooLate = new CancellationTokenSource(streaming ? Timeout.InfiniteTimeSpan : options.Value.PlainAnswerTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(exchange.ClientGone, call.Revoked, tooLate.Token);
        CallOutcome outcome;
        try
        {
            var asking = upstream.SendAsync(call, stop.Token);
            // Signed while the provider thinks: nobody waits for it.
            exchange.Promise(call.Receipt);
            await using var answer = await asking;
            using var rewriter = call.Call.Speech.CreateRewriter(call.Call.Body, call.Redaction);
            outcome = !answer.IsSuccess ? await RelayErrorAsync(exchange, call, answer, rewriter, stop.Token)
                : streaming ? await StreamAsync(exchange, call, answer, rewriter)
                : await WholeAsync(exchange, call, answer, rewriter, stop.Token);
        }
        catch (OperationCanceledException) when (exchange.ClientGone.IsCancellationRequested)
        {
            outcome = Exchange.ClientAborted;
        }
        catch (OperationCanceledException) when (call.Revoked.IsCancellationRequested)
        {
            var ended = StreamFault.Ended(call.RefusedByPolicy);
            outcome = await FailAsync(exchange, "revoked", call.RefusedByPolicy ? 403 : 401, ended.Code, ended.Message);
        }
        catch (OperationCanceledException)
        {
            outcome = await FailAsync(
                exchange, "timed_out", 504, "upstream_timeout",
                $"The answer was not complete after {options.Value.PlainAnswerTimeout.TotalSeconds:0} s. Ask with \"stream\": true.");
        }
        catch (UpstreamException e)
        {
            log.UpstreamUnavailable(call.Id, e.Message);
            outcome = e.TimedOut
                ? await FailAsync(exchange, "timed_out", 504, "upstream_timeout", e.Message)
                : await FailAsync(exchange, "upstream_failed", 502, "upstream_unavailable", e.Message);
        }
        catch (Exception e) when (e is AnswerFormatException or IOException or HttpRequestException)
        {
            log.UpstreamUnavailable(call.Id, e.Message);
            outcome = await FailAsync(exchange, "upstream_failed", 502, "upstream_failed", "The model's provider sent an answer that could not be read.");
        }

        await call.CompleteAsync(outcome);
    }

    private async Task<CallOutcome> StreamAsync(Exchange exchange, AdmittedCall<InferenceCall> call, UpstreamAnswer answer, IAnswerRewriter rewriter)
    {
        if (answer.MediaType != "text/event-stream")
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
        var body = await plain.ReadAsync(answer, rewriter, stop);
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
            Events = 1,
            BytesOut = body.Length,
            FirstByteAt = first,
        };
    }

    /// <summary>What the provider says of the request goes to the caller, inspected; what it says of our credential does not.</summary>
    private async Task<CallOutcome> RelayErrorAsync(
        Exchange exchange, AdmittedCall<InferenceCall> call, UpstreamAnswer answer, IAnswerRewriter rewriter, CancellationToken stop)
    {
        log.UpstreamUnavailable(call.Id, $"status {answer.Status}");
        var callersFault = answer.Status is 400 or 404 or 413 or 422 or 429;
        if (answer.RetryAfter is { } wait && answer.Status == 429)
        {
            exchange.Http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString("0", System.Globalization.CultureInfo.InvariantCulture);
        }

        if (!callersFault || answer.MediaType != "application/json")
        {
            return await FailAsync(
                exchange, "upstream_refused", callersFault ? answer.Status : 502, "upstream_refused", $"The model's provider answered with status {answer.Status}.");
        }

        var body = await plain.ReadAsync(answer, rewriter, stop);
        call.DigestAnswer(body.Span);
        ErrorWriter.AddRequiredHeaders(exchange.Http.Response.Headers, new ErrorAnswer(answer.Status, "upstream_refused", string.Empty));
        await WriteAsync(exchange.Http.Response, answer.Status, body, stop);
        return new CallOutcome
        {
            Result = "upstream_refused",
            Status = answer.Status,
            Events = 1,
            BytesOut = body.Length,
            Redactions = rewriter.Facts.Redactions,
        };
    }

    private static async Task WriteAsync(HttpResponse response, int status, ReadOnlyMemory<byte> body, CancellationToken stop)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, stop);
        await response.CompleteAsync();
    }

    private static async Task<CallOutcome> FailAsync(Exchange exchange, string result, int status, string code, string message)
    {
        await ErrorWriter.WriteAsync(exchange.Http, exchange.Route.Errors, new ErrorAnswer(status, code, message));
        return new CallOutcome { Result = result, Status = status };
    }
}
