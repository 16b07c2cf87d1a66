using System.Text.Json;
using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Events;
using Proofgate.Audit.Sealing;
using Proofgate.Cedar;
using Proofgate.Enforcement;
using Proofgate.Http.Manage;
using Proofgate.Identity;
using Proofgate.Policy;

namespace Proofgate.Http.Evidence;

/// <summary>
/// <c>GET /audit/receipts/{auditId}</c>: the proof that a call stands in the log, for the caller whose call it was, or for who may manage the audit
/// log. To everybody else it is as if there were none.
/// </summary>
public sealed class ReceiptsEndpoint(
    IBundleSource bundles, Pipeline pipeline, EvidenceReader evidence, PersonalSealer sealer, IOptions<AuditOptions> options) : IEndpoint
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(2);

    public async Task HandleAsync(Exchange exchange)
    {
        if (!bundles.TryGet(out var bundle))
        {
            await exchange.RefuseAsync(503, "no_policy", "No policy bundle is active, so nothing is permitted.", null, exchange.Describe());
            return;
        }

        // Which logs may the caller manage? None is an answer too: a caller's own receipts need no permission, but are limited and recorded like all.
        var managed = new List<EntityUid>();
        var logs = new[] { exchange.Caller.Tenant, options.Value.Tenant }.Distinct().Select(Vocabulary.AuditLog).ToList();
        var call = new ManageCall
        {
            Id = exchange.Id,
            Caller = exchange.Caller,
            Bundle = bundle,
            Request = exchange.Describe(),
            Action = Vocabulary.Manage,
            Resource = logs[0],
            TraceId = exchange.TraceId,
        };
        var ruling = await pipeline.ListAsync(call, logs, managed, exchange.ClientGone);
        if (ruling is Ruling<ManageCall>.Refused refused)
        {
            await exchange.AnswerAsync(refused.Refusal);
            return;
        }

        await using var admitted = ((Ruling<ManageCall>.Admitted)ruling).Call;
        exchange.Promise(admitted.Receipt);
        try
        {
            var status = await AnswerAsync(exchange, managed);
            await admitted.CompleteAsync(new CallOutcome { Result = status < 400 ? "completed" : status == 404 ? "not_found" : "gateway_failed", Status = status });
        }
        catch (OperationCanceledException) when (exchange.ClientGone.IsCancellationRequested)
        {
            await admitted.CompleteAsync(Exchange.ClientAborted);
        }
    }

    private async Task<int> AnswerAsync(Exchange exchange, List<EntityUid> managed)
    {
        ReceiptSearch search = new ReceiptSearch.Unknown();
        try
        {
            if (AuditId.TryParse(exchange.Http.Request.RouteValues["auditId"] as string, out var id))
            {
                search = await evidence.FindAsync(id, exchange.ClientGone);
            }

            if (search is ReceiptSearch.Found found && await MayReadAsync(exchange.Caller, found, managed, exchange.ClientGone))
            {
                await EvidenceAnswer.WriteAsync(exchange, found.Proof.ToBytes(), EvidenceAnswer.Text);
                return 200;
            }
        }
        catch (Exception e) when (e is EvidenceUnavailableException or LedgerUnavailableException or IOException && !exchange.Http.Response.HasStarted)
        {
            return await ManageDesk.RefuseAsync(exchange, 503, "evidence_unavailable", "The evidence is out of reach at the moment. Try again shortly.");
        }

        if (search is not ReceiptSearch.Pending)
        {
            return await ManageDesk.RefuseAsync(exchange, 404, "receipt_not_found", "There is no record by this id that you may see.");
        }

        exchange.Http.Response.Headers.RetryAfter = $"{Wait.TotalSeconds:0}";
        await JsonAnswer.WriteAsync(exchange.Http, 202, "{\"status\":\"pending\"}"u8.ToArray());
        return 202;
    }

    private async Task<bool> MayReadAsync(Caller caller, ReceiptSearch.Found found, List<EntityUid> managed, CancellationToken cancellationToken)
    {
        if (managed.Contains(Vocabulary.AuditLog(options.Value.Tenant).Uid))
        {
            return true;
        }

        if (EventReader.Read(found.Leaf.Span, out _) is not { } read
            || read.Event switch { DecisionEvent decision => decision.Request, RefusalEvent refusal => refusal.Request, _ => null } is not { } request
            || request.Tenant != caller.Tenant)
        {
            return false;
        }

        if (managed.Contains(Vocabulary.AuditLog(caller.Tenant).Uid))
        {
            return true;
        }

        return request.AuthMethod == (caller.Method == AuthenticationMethod.ApiKey ? "apikey" : "jwt")
            && read.Personal is { } personal
            && personal.KeyId.StartsWith(sealer.LookupOf(caller.Tenant, caller.Subject) + ".", StringComparison.Ordinal)
            && await sealer.OpenAsync(personal, read.Event.Id, cancellationToken) is PersonalPartResult.Opened opened
            && IsOf(caller, opened.Json);
    }

    private static bool IsOf(Caller caller, ReadOnlyMemory<byte> personal)
    {
        using var json = JsonDocument.Parse(personal);
        return json.RootElement.GetProperty("client").ValueEquals(caller.Client) && json.RootElement.GetProperty("subject").ValueEquals(caller.Subject);
    }
}
