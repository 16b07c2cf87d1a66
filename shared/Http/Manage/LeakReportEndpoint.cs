using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Proofgate.Audit;
using Proofgate.Http.Bodies;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.Http.Manage;

/// <summary>
/// <c>POST /keys/leaked</c> (K7): revokes a key that somebody has found. No credential is asked for, because whoever finds a key has none; the answer is
/// the same whatever the key was, because it would be an oracle otherwise.
/// </summary>
public sealed class LeakReportEndpoint(
    ManageDesk desk, KeyAdministration keys, IAuditStream stream, UnauthenticatedRefusals refusals, ILogger<LeakReportEndpoint> log) : IEndpoint
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    public async Task HandleAsync(Exchange exchange)
    {
        var (report, fault) = await desk.ReadAsync(exchange, string.Empty, ManageJson.Default.LeakedKey);
        if (report is null)
        {
            await RefuseAsync(exchange, fault!);
            return;
        }

        var leak = await keys.ReportLeakAsync(report.Key, exchange.ClientGone);
        if (leak is KeyLeak.Revoked revoked && !await TryRecordAsync(revoked.Record, exchange.Id))
        {
            leak = new KeyLeak.Unavailable();
        }

        // While nothing can be recorded every report is told so: else the one that failed would be the genuine one.
        if (leak is KeyLeak.Unavailable || !stream.Health.Healthy)
        {
            await RefuseAsync(exchange, new BodyFault(503, "temporarily_unavailable", "The report cannot be taken at the moment. Send it again shortly."));
            return;
        }

        await ManageDesk.AnswerAsync(exchange, 202, LeakReceipt.Instance, ManageJson.Default.LeakReceipt);
    }

    [SuppressMessage("Design", "CA1031", Justification = "The key is dead; whatever kept that from being recorded, the reporter is to learn no more than others do.")]
    private async Task<bool> TryRecordAsync(ApiKeyRecord record, AuditId correlation)
    {
        try
        {
            await keys.RecordLeakAsync(record, correlation);
            return true;
        }
        catch (Exception failure)
        {
            log.LeakNotRecorded(failure, record.Id);
            return false;
        }
    }

    private Task RefuseAsync(Exchange exchange, BodyFault fault)
    {
        refusals.Record(exchange.Id, exchange.Route, exchange.Http, fault.Status, fault.Code);
        return ManageDesk.ErrorAsync(exchange, fault.Status, fault.Code, fault.Message, fault.Status == 503 ? RetryAfter : null);
    }
}
