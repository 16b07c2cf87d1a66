using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Data;
using Proofgate.Data.Connectors;
using Proofgate.Enforcement;
using Proofgate.Http.Errors;
using Proofgate.Inference.Relay;

namespace Proofgate.Http.Endpoints;

/// <summary>
/// Steps 10 to 12 of an admitted query: ask the source, hand on what the caller may see, record how it ended. Lines are written as rows come and nothing is
/// collected; an answer in one piece is held, bounded, until it is whole. Neither pretends to be complete where it is not.
/// </summary>
public sealed class RowsWriter(QueryRunner runner, SourceChecks sources, IOptions<DataOptions> options, TimeProvider time, ILogger<RowsWriter> log)
{
    internal const string StreamType = "application/x-ndjson";

    /// <summary>Bytes of lines that are written together when rows come faster than that.</summary>
    private const int BatchBytes = 16 * 1024;

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal async Task AnswerAsync(Exchange exchange, AdmittedCall<QueryCall> call)
    {
        exchange.Http.Response.Headers["Proofgate-Label"] = call.Call.Bundle.Labels.NameOf(call.Label);
        using var tooLate = new CancellationTokenSource(call.Call.Dataset.Limits.Timeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(exchange.ClientGone, call.Revoked, tooLate.Token);
        var written = new Written();
        CallOutcome outcome;
        try
        {
            exchange.Promise(call.Receipt);
            outcome = await sources.StateOfAsync(call.Call.Dataset, stop.Token) is SourceState.Ready
                ? await AskAsync(exchange, call, written, stop.Token)
                : await FailAsync(exchange, call, written, new Fault("upstream_failed", 503, "dataset_unavailable", "The dataset's source is not there, or not as it is described. The operator finds why in the log."));
        }
        catch (OperationCanceledException) when (call.Revoked.IsCancellationRequested)
        {
            // Asked first: a write that is cancelled ends the connection, and then the client seems to have left.
            var ended = StreamFault.Ended(call.RefusedByPolicy);
            outcome = await FailAsync(exchange, call, written, new Fault("revoked", call.RefusedByPolicy ? 403 : 401, ended.Code, ended.Message));
        }
        catch (OperationCanceledException) when (exchange.ClientGone.IsCancellationRequested)
        {
            outcome = Exchange.ClientAborted with { BytesOut = written.Bytes, Rows = written.Rows, FirstByteAt = written.FirstByteAt };
        }
        catch (OperationCanceledException)
        {
            outcome = await FailAsync(exchange, call, written, new Fault(
                "timed_out", 504, "source_timeout", $"The rows were not complete after {call.Call.Dataset.Limits.Timeout.TotalSeconds:0} s. Ask for less."));
        }
        catch (SourceException e)
        {
            log.UpstreamUnavailable(call.Id, e.InnerException?.GetType().Name ?? e.Code ?? e.Message);
            outcome = await FailAsync(exchange, call, written, e.Code is { } code ? new Fault("upstream_refused", 400, code, e.Message)
                : e.TimedOut ? new Fault("timed_out", 504, "source_timeout", e.Message)
                : new Fault("upstream_failed", 502, "source_failed", e.Message));
        }

        await call.CompleteAsync(outcome);
    }

    private async Task<CallOutcome> AskAsync(Exchange exchange, AdmittedCall<QueryCall> call, Written written, CancellationToken stop)
    {
        await using var answer = await runner.OpenAsync(AdmittedQuery.Of(call), stop);
        return call.Call.Stream ? await StreamAsync(exchange, call, answer, written, stop) : await WholeAsync(exchange, call, answer, written, stop);
    }

    private async Task<CallOutcome> StreamAsync(Exchange exchange, AdmittedCall<QueryCall> call, QueryAnswer answer, Written written, CancellationToken stop)
    {
        var response = exchange.Http.Response;
        exchange.Http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        response.ContentType = StreamType;
        response.Headers["X-Accel-Buffering"] = "no";
        written.HasBegun = true;
        await response.StartAsync(stop);
        var batch = new ArrayBufferWriter<byte>(BatchBytes * 2);
        using var writer = new Utf8JsonWriter(batch, Readable);
        while (await NextAsync(response, call, answer, batch, written, time, stop))
        {
            answer.WriteRow(writer);
            EndLine(writer, batch);
            written.Pending++;
            if (batch.WrittenCount >= BatchBytes)
            {
                await FlushAsync(response, call, batch, written, time, stop);
            }
        }

        WriteEnd(writer, batch, answer);
        await FlushAsync(response, call, batch, written, time, stop);
        await response.CompleteAsync();
        return Completed(answer, written, written.Rows);
    }

    /// <summary>The next row; while it is waited for, what is there is released.</summary>
    private static async ValueTask<bool> NextAsync(
        HttpResponse response, AdmittedCall<QueryCall> call, QueryAnswer answer, ArrayBufferWriter<byte> batch, Written written, TimeProvider time, CancellationToken stop)
    {
        var reading = answer.ReadNextAsync(stop);
        if (reading.IsCompletedSuccessfully)
        {
            return reading.Result;
        }

        var pending = reading.AsTask();
        try
        {
            await FlushAsync(response, call, batch, written, time, stop);
        }
        catch
        {
            // The reading ends before anybody lets go of the source.
            await pending.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            throw;
        }

        return await pending;
    }

    private static async Task FlushAsync(
        HttpResponse response, AdmittedCall<QueryCall> call, ArrayBufferWriter<byte> batch, Written written, TimeProvider time, CancellationToken stop)
    {
        if (batch.WrittenCount == 0)
        {
            return;
        }

        stop.ThrowIfCancellationRequested();
        call.DigestAnswer(batch.WrittenSpan);
        written.Note(batch.WrittenCount, time);
        response.BodyWriter.Write(batch.WrittenSpan);
        batch.ResetWrittenCount();
        await response.BodyWriter.FlushAsync(stop);
    }

    private async Task<CallOutcome> WholeAsync(Exchange exchange, AdmittedCall<QueryCall> call, QueryAnswer answer, Written written, CancellationToken stop)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        using var writer = new Utf8JsonWriter(body, Readable);
        writer.WriteStartObject();
        writer.WriteStartArray("rows"u8);
        while (await answer.ReadNextAsync(stop))
        {
            answer.WriteRow(writer);
            if (writer.BytesCommitted + writer.BytesPending > options.Value.MaxAnswerBytes)
            {
                return await FailAsync(exchange, call, written, new Fault(
                    "upstream_refused", 400, "answer_too_large", $"An answer in one piece may have {options.Value.MaxAnswerBytes} bytes. Ask for fewer rows, or with 'Accept: {StreamType}'."));
            }
        }

        writer.WriteEndArray();
        writer.WriteBoolean("complete"u8, !answer.IsCut);
        if (answer.Next is { } next)
        {
            writer.WriteString("next"u8, next);
        }

        writer.WriteEndObject();
        writer.Flush();
        stop.ThrowIfCancellationRequested();
        call.DigestAnswer(body.WrittenSpan);
        written.HasBegun = true;
        written.Pending = answer.Rows;
        written.Note(body.WrittenCount, time);
        exchange.Http.Response.ContentType = "application/json";
        exchange.Http.Response.ContentLength = body.WrittenCount;
        await exchange.Http.Response.Body.WriteAsync(body.WrittenMemory, stop);
        await exchange.Http.Response.CompleteAsync();
        return Completed(answer, written, 1);
    }

    /// <summary>The last line says that it is the last: without it an answer is not complete.</summary>
    private static void WriteEnd(Utf8JsonWriter writer, ArrayBufferWriter<byte> batch, QueryAnswer answer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("proofgate"u8);
        writer.WriteNumber("rows"u8, answer.Rows);
        writer.WriteBoolean("complete"u8, !answer.IsCut);
        if (answer.Next is { } next)
        {
            writer.WriteString("next"u8, next);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        EndLine(writer, batch);
    }

    private static void EndLine(Utf8JsonWriter writer, ArrayBufferWriter<byte> batch)
    {
        writer.Flush();
        writer.Reset();
        batch.Write("\n"u8);
    }

    private static CallOutcome Completed(QueryAnswer answer, Written written, long events) => new()
    {
        Result = "completed",
        Status = 200,
        Events = events,
        Rows = answer.Rows,
        BytesOut = written.Bytes,
        Redactions = answer.Redactions,
        FirstByteAt = written.FirstByteAt,
    };

    /// <summary>Before the answer has begun with a status; after it with a line, for whoever still reads.</summary>
    private async Task<CallOutcome> FailAsync(Exchange exchange, AdmittedCall<QueryCall> call, Written written, Fault fault)
    {
        if (!written.HasBegun)
        {
            await ErrorWriter.WriteAsync(exchange.Http, exchange.Route.Errors, new ErrorAnswer(fault.Status, fault.Code, fault.Message));
            return new CallOutcome { Result = fault.Result, Status = fault.Status };
        }

        if (call.Call.Stream)
        {
            await SayAsync(exchange.Http, call, written, fault);
        }
        else
        {
            exchange.Http.Abort();
        }

        return new CallOutcome
        {
            Result = fault.Result,
            Status = 200,
            Events = written.Rows,
            Rows = written.Rows,
            BytesOut = written.Bytes,
            FirstByteAt = written.FirstByteAt,
        };
    }

    private async Task SayAsync(HttpContext http, AdmittedCall<QueryCall> call, Written written, Fault fault)
    {
        var line = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(line, Readable);
        writer.WriteStartObject();
        writer.WriteStartObject("proofgate"u8);
        writer.WriteStartObject("error"u8);
        writer.WriteString("code"u8, fault.Code);
        writer.WriteString("message"u8, fault.Message);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        EndLine(writer, line);
        using var patience = new CancellationTokenSource(Farewell, time);
        await using var cut = patience.Token.Register(http.Abort);
        try
        {
            call.DigestAnswer(line.WrittenSpan);
            written.Pending = 0;
            written.Note(line.WrittenCount, time);
            http.Response.BodyWriter.Write(line.WrittenSpan);
            await http.Response.BodyWriter.FlushAsync(patience.Token);
            await http.Response.CompleteAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // It does not read; the outcome says how the answer ended.
        }
    }

    private sealed record Fault(string Result, int Status, string Code, string Message);

    /// <summary>What has been released so far.</summary>
    private sealed class Written
    {
        internal bool HasBegun { get; set; }

        /// <summary>Rows that wait to be released.</summary>
        internal long Pending { get; set; }

        internal long Rows { get; private set; }

        internal long Bytes { get; private set; }

        internal long? FirstByteAt { get; private set; }

        internal void Note(int bytes, TimeProvider time)
        {
            Rows += Pending;
            Pending = 0;
            Bytes += bytes;
            FirstByteAt ??= time.GetTimestamp();
        }
    }
}
