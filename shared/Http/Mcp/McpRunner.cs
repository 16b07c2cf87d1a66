using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using Proofgate.Enforcement;
using Proofgate.Enforcement.Tools;
using Proofgate.Http.Errors;
using Proofgate.Inference.Relay;

namespace Proofgate.Http.Mcp;

/// <summary>Steps 10 to 12 of an admitted message: do what it asks, write what the caller may see, record how it ended.</summary>
public sealed class McpRunner(IOptions<McpOptions> options, TimeProvider time, ILogger<McpRunner> log)
{
    internal async Task RunAsync<TCall>(McpRequest request, AdmittedCall<TCall> call, Func<McpWork, McpServerHandlers> handlersOf)
        where TCall : Call
    {
        var exchange = request.Exchange;
        using var late = new CancellationTokenSource(options.Value.CallTimeout, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(exchange.ClientGone, call.Revoked, late.Token);
        var work = new McpWork(call.Label, stop.Token);
        CallOutcome outcome;
        try
        {
            exchange.Promise(call.Receipt);
            var answer = await McpProtocol.RunAsync(request.Message, request.Version, handlersOf(work), stop.Token);
            if (work.Failure is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            // What was found meanwhile is not released to who may not have it any more.
            call.Revoked.ThrowIfCancellationRequested();
            outcome = await WriteAsync(request, call, work, answer, stop.Token);
        }
        catch (OperationCanceledException) when (call.Revoked.IsCancellationRequested)
        {
            // Asked first: a write that is cancelled ends the connection, and then the client seems to have left.
            var ended = StreamFault.Ended(call.RefusedByPolicy);
            outcome = await FailAsync(exchange, "revoked", call.RefusedByPolicy ? 403 : 401, ended.Code, ended.Message);
        }
        catch (OperationCanceledException) when (exchange.ClientGone.IsCancellationRequested)
        {
            outcome = Exchange.ClientAborted;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            outcome = await FailAsync(exchange, "timed_out", 504, "upstream_timeout", $"The tool did not answer within {options.Value.CallTimeout.TotalSeconds:0} s.");
        }
        catch (ToolSourceException e)
        {
            log.UpstreamUnavailable(call.Id, e.Message);
            outcome = e.TimedOut
                ? await FailAsync(exchange, "timed_out", 504, "upstream_timeout", e.Message)
                : await FailAsync(exchange, "upstream_failed", 502, "upstream_unavailable", e.Message);
        }

        await call.CompleteAsync(outcome);
    }

    private async Task<CallOutcome> WriteAsync<TCall>(McpRequest request, AdmittedCall<TCall> call, McpWork work, McpAnswer? answer, CancellationToken stop)
        where TCall : Call
    {
        var response = request.Exchange.Http.Response;
        response.Headers["Proofgate-Label"] = request.Bundle.Labels.NameOf(work.Label);
        if (answer is null)
        {
            response.StatusCode = StatusCodes.Status202Accepted;
            return new CallOutcome { Result = "completed", Status = response.StatusCode, FirstByteAt = time.GetTimestamp() };
        }

        call.DigestAnswer(answer.Body.Span);
        var first = time.GetTimestamp();
        response.StatusCode = answer.Status;
        response.ContentType = "application/json";
        response.ContentLength = answer.Body.Length;
        await response.Body.WriteAsync(answer.Body, stop);
        return new CallOutcome
        {
            Result = "completed",
            Status = answer.Status,
            Events = 1,
            BytesOut = answer.Body.Length,
            Redactions = work.Redactions,
            FirstByteAt = first,
        };
    }

    private static async Task<CallOutcome> FailAsync(Exchange exchange, string result, int status, string code, string message)
    {
        await ErrorWriter.WriteAsync(exchange.Http, exchange.Route.Errors, new ErrorAnswer(status, code, message, RpcId: exchange.RpcId));
        return new CallOutcome { Result = result, Status = status };
    }
}
