using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Proofgate.Audit;
using Proofgate.Audit.Events;
using Proofgate.Audit.Promises;
using Proofgate.Enforcement;
using Proofgate.Enforcement.Recording;
using Proofgate.Http.Errors;
using Proofgate.Identity;

namespace Proofgate.Http;

/// <summary>One request and its answer, with what the front desk found out about it.</summary>
public sealed class Exchange
{
    internal const string AuditIdHeader = "Proofgate-Audit-Id";

    private readonly CallRecorder _recorder;
    private readonly Challenges _challenges;
    private readonly PromiseMaker _promises;
    private readonly Caller? _caller;

    /// <summary>The client closed the request (nginx's 499): nobody saw a status.</summary>
    internal static CallOutcome ClientAborted { get; } = new() { Result = "client_aborted", Status = 499 };

    internal Exchange(HttpContext http, Route route, AuditId id, string traceId, Caller? caller, CallRecorder recorder, Challenges challenges, PromiseMaker promises)
    {
        (Http, Route, Id, TraceId, _caller, _recorder, _challenges, _promises) = (http, route, id, traceId, caller, recorder, challenges, promises);
    }

    public HttpContext Http { get; }

    public Route Route { get; }

    /// <summary>
    /// The name of this act in the ledger, sent as <c>Proofgate-Audit-Id</c>. A call that another target answers than the first stands there under another name too,
    /// which is sent in its place.
    /// </summary>
    public AuditId Id { get; }

    public string TraceId { get; }

    /// <summary>Only controlled routes have a caller.</summary>
    public Caller Caller => _caller ?? throw new UnreachableException("An open route has no caller.");

    /// <summary>Of a JSON-RPC request, once it is known: its errors carry it.</summary>
    internal ModelContextProtocol.Protocol.RequestId? RpcId { get; set; }

    public CancellationToken ClientGone => Http.RequestAborted;

    /// <summary>How the request came in, for the ledger.</summary>
    internal RequestRecord Describe(string? dialect = null, bool stream = false, long? bodyBytes = null, string? bodyDigest = null) => new()
    {
        Route = Route.Template,
        Method = Http.Request.Method,
        Dialect = dialect,
        AuthMethod = _caller is null ? null : _caller.Method == AuthenticationMethod.ApiKey ? "apikey" : "jwt",
        Bound = _caller?.Bound ?? false,
        KeyId = _caller is { Method: AuthenticationMethod.ApiKey } ? _caller.Client : null,
        Tenant = _caller?.Tenant,
        Stream = stream,
        BodyBytes = bodyBytes,
        BodyDigest = bodyDigest,
    };

    /// <summary>Refuses an authenticated request that did not become a call, and records it.</summary>
    internal async Task RefuseAsync(int status, string code, string message, string? param, RequestRecord request)
    {
        var refusal = new Refusal { Id = Id, Status = status, Code = code, Message = message };
        // Not cancelled with the request: who asks and leaves at once would probe without a trace.
        var receipt = await _recorder.RefusedEarlyAsync(refusal, Caller, request, TraceId, CancellationToken.None);
        await AnswerAsync(refusal with { Receipt = receipt }, param);
    }

    /// <summary>Tells the caller under which name the call stands in the ledger, and promises it. Before the answer begins: both are headers.</summary>
    internal void Name(AuditId id, in AuditReceipt receipt)
    {
        Http.Response.Headers[AuditIdHeader] = id.ToString();
        Promise(receipt);
    }

    /// <summary>Promises the caller that the acknowledged record will be in the ledger. Before the answer begins: it is a header.</summary>
    internal void Promise(in AuditReceipt receipt) => Http.Response.Headers[AuditPromise.Header] = _promises.Make(receipt).ToString();

    /// <summary>Writes a refusal that is recorded already.</summary>
    internal Task AnswerAsync(Refusal refusal, string? param = null)
    {
        if (refusal.Receipt is { } receipt)
        {
            Promise(receipt);
        }

        // A client of MCP sends its user to sign in again when it is told of scopes; what policy refuses, no scope would permit.
        if (refusal.Status == 401 || (refusal.Status == 403 && Route.Errors != ErrorStyle.JsonRpc))
        {
            Http.Response.Headers.WWWAuthenticate = _challenges.ForMore(Caller, refusal.StepUp?.Acr, refusal.StepUp?.MaxAge, Route.Resource).ToArray();
        }

        return ErrorWriter.WriteAsync(Http, Route.Errors, new ErrorAnswer(refusal.Status, refusal.Code, refusal.Message, param ?? refusal.Param, refusal.RetryAfter, RpcId));
    }
}
