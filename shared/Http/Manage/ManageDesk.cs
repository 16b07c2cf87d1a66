using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Proofgate.Audit;
using Proofgate.Cedar;
using Proofgate.Enforcement;
using Proofgate.Http.Bodies;
using Proofgate.Http.Errors;
using Proofgate.Policy;

namespace Proofgate.Http.Manage;

/// <summary>What all acts of administration have in common: a bounded body, a decision on <c>manage</c>, one recorded outcome.</summary>
public sealed class ManageDesk(IBundleSource bundles, Pipeline pipeline, BodyReader bodies, ILogger<ManageDesk> log)
{
    private const int MaxBodyBytes = 64 * 1024;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Reads a body; how a fault is answered and recorded depends on who asks.</summary>
    internal async Task<(T? Request, BodyFault? Fault)> ReadAsync<T>(Exchange exchange, string key, JsonTypeInfo<T> type, int maxBytes = MaxBodyBytes)
        where T : class
    {
        var (body, fault) = await bodies.ReadAsync(exchange.Http.Request, key, maxBytes, exchange.ClientGone);
        using var owned = body;
        if (fault is null)
        {
            try
            {
                if (JsonSerializer.Deserialize(body!.Memory.Span, type) is { } read)
                {
                    return (read, null);
                }
            }
            catch (JsonException)
            {
                // Answered below, without the parser's message: it can quote the body.
            }

            fault = new BodyFault(400, "invalid_json", $"The body must be a JSON object with the members of {exchange.Route.Template} and no others.");
        }

        return (null, fault);
    }

    /// <summary>Reads the body of an authenticated request; a fault is answered and recorded.</summary>
    /// <returns>Null: it was answered.</returns>
    internal async Task<T?> ReadOrRefuseAsync<T>(Exchange exchange, JsonTypeInfo<T> type, int maxBytes)
        where T : class
    {
        var (request, fault) = await ReadAsync(exchange, exchange.Caller.Account, type, maxBytes);
        if (fault is not null)
        {
            await exchange.RefuseAsync(fault.Status, fault.Code, fault.Message, null, exchange.Describe());
        }

        return request;
    }

    /// <summary>Decides, acts, records. <paramref name="act"/> answers the request and gives the status that it answered with.</summary>
    internal Task RunAsync(Exchange exchange, Func<PolicyBundle, Entity> resource, Func<PolicyBundle, AuditId, Task<int>> act) =>
        DecideAsync(exchange, resource, stream: false, async admitted =>
        {
            var status = await ActAsync(exchange, admitted.Call.Bundle, act);
            return new CallOutcome { Result = status < 400 ? "completed" : "gateway_failed", Status = status };
        });

    /// <summary>The same for an act whose answer is a stream; <paramref name="act"/> ends it when the caller is revoked.</summary>
    internal Task StreamAsync(Exchange exchange, Func<PolicyBundle, Entity> resource, Func<AdmittedCall<ManageCall>, Task<CallOutcome>> act) =>
        DecideAsync(exchange, resource, stream: true, act);

    private async Task DecideAsync(
        Exchange exchange, Func<PolicyBundle, Entity> resource, bool stream, Func<AdmittedCall<ManageCall>, Task<CallOutcome>> act)
    {
        if (!bundles.TryGet(out var bundle))
        {
            await exchange.RefuseAsync(503, "no_policy", "No policy bundle is active, so nothing is permitted.", null, exchange.Describe());
            return;
        }

        var call = new ManageCall
        {
            Id = exchange.Id,
            Caller = exchange.Caller,
            Bundle = bundle,
            Request = exchange.Describe(stream: stream),
            Action = Vocabulary.Manage,
            Resource = resource(bundle),
            Stream = stream,
            TraceId = exchange.TraceId,
        };
        var ruling = await pipeline.AdmitAsync(call, exchange.ClientGone);
        if (ruling is Ruling<ManageCall>.Refused refused)
        {
            await exchange.AnswerAsync(refused.Refusal);
            return;
        }

        await using var admitted = ((Ruling<ManageCall>.Admitted)ruling).Call;
        exchange.Promise(admitted.Receipt);
        CallOutcome outcome;
        try
        {
            outcome = await act(admitted);
        }
        catch (OperationCanceledException) when (exchange.ClientGone.IsCancellationRequested)
        {
            outcome = Exchange.ClientAborted;
        }

        await admitted.CompleteAsync(outcome);
    }

    internal static Task ErrorAsync(Exchange exchange, int status, string code, string message, TimeSpan? retryAfter = null) =>
        ErrorWriter.WriteAsync(exchange.Http, exchange.Route.Errors, new ErrorAnswer(status, code, message, RetryAfter: retryAfter));

    /// <summary>The same for an act that ends so.</summary>
    internal static async Task<int> RefuseAsync(Exchange exchange, int status, string code, string message)
    {
        await ErrorAsync(exchange, status, code, message, status == 503 ? RetryAfter : null);
        return status;
    }

    internal static async Task<int> AnswerAsync<T>(Exchange exchange, int status, T value, JsonTypeInfo<T> type)
    {
        await JsonAnswer.WriteAsync(exchange.Http, status, JsonSerializer.SerializeToUtf8Bytes(value, type));
        return status;
    }

    private async Task<int> ActAsync(Exchange exchange, PolicyBundle bundle, Func<PolicyBundle, AuditId, Task<int>> act)
    {
        try
        {
            return await act(bundle, exchange.Id);
        }
        catch (AuditUnavailableException)
        {
            return await RefuseAsync(exchange, 503, "audit_unavailable", "The act could not be recorded; a key that was being made is revoked. Try again shortly.");
        }
        catch (IOException failure) when (!exchange.Http.Response.HasStarted)
        {
            log.StoreUnavailable(failure, exchange.Id);
            return await RefuseAsync(
                exchange, 503, "store_unavailable", "A store is out of reach. Whether the act was done is unknown: look before you try again.");
        }
    }
}
