using System.Text;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Http.Manage;
using Proofgate.Policy;

namespace Proofgate.Http.Evidence;

/// <summary><c>GET /audit/events</c>: the logs of this deployment and the changes of their key, for who may manage the audit log of the tenant that <c>?tenant=</c> names, else of the caller's.</summary>
public sealed class TenantLogsEndpoint(ManageDesk desk, EvidenceReader evidence) : IEndpoint
{
    public async Task HandleAsync(Exchange exchange)
    {
        if (await TenantQuery.TenantAsync(exchange) is not { } tenant)
        {
            return;
        }

        await desk.RunAsync(exchange, _ => Vocabulary.AuditLog(tenant), async (_, _) =>
        {
            try
            {
                var heads = await evidence.HeadsAsync(exchange.ClientGone);
                var changes = await evidence.KeyChangesAsync(exchange.ClientGone)
                    .Select(static c => new TenantLogsView.KeyChange(c.Leaf, Encoding.UTF8.GetString(c.Note))).ToListAsync(exchange.ClientGone);
                return await ManageDesk.AnswerAsync(
                    exchange, 200, new TenantLogsView(tenant, [.. heads.Select(static h => new TenantLogsView.Log(h.Log, h.Size))], changes), ManageJson.Default.TenantLogsView);
            }
            catch (Exception e) when (e is EvidenceUnavailableException or EvidenceDamagedException or LedgerUnavailableException)
            {
                return await TenantQuery.UnavailableAsync(exchange);
            }
        });
    }
}
