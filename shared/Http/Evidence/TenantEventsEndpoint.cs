using System.Text;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Tenants;
using Proofgate.Http.Manage;
using Proofgate.Policy;

namespace Proofgate.Http.Evidence;

/// <summary>
/// <c>GET /audit/events/{partition}</c>: a tenant's own events, each with the proof that it stands in the log, for who may manage the audit log of the tenant that
/// <c>?tenant=</c> names, else of the caller's. <c>?from=</c> is the first leaf to look at, <c>?size=</c> the checkpoint that the proofs lead to.
/// </summary>
public sealed class TenantEventsEndpoint(ManageDesk desk, EvidenceReader evidence) : IEndpoint
{
    /// <summary>Leaves that one request looks at.</summary>
    internal const int MaxLeaves = 4096;

    /// <summary>Bytes of proofs after which a page ends: one event may have 1.3 MiB.</summary>
    private const int MaxBytes = 4 << 20;

    public async Task HandleAsync(Exchange exchange)
    {
        if (await TenantQuery.TenantAsync(exchange) is not { } tenant)
        {
            return;
        }

        if (!TenantQuery.TryPlace(exchange, "from", out var from) || !TenantQuery.TryPlace(exchange, "size", out var size))
        {
            await exchange.RefuseAsync(400, "invalid_place", "'from' is the number of a leaf, 'size' that of a checkpoint's leaves.", "from", exchange.Describe());
            return;
        }

        await desk.RunAsync(exchange, _ => Vocabulary.AuditLog(tenant), async (_, _) =>
        {
            try
            {
                return await evidence.OfTenantAsync(EvidenceAnswer.Partition(exchange), tenant, size, exchange.ClientGone) is { } view && (from ?? 0) <= view.Size
                    ? await ManageDesk.AnswerAsync(exchange, 200, await PageAsync(view, tenant, from ?? 0, exchange.ClientGone), ManageJson.Default.TenantEventsView)
                    : await ManageDesk.RefuseAsync(exchange, 404, "log_not_found", "There is no such log, or no checkpoint of it with that size and leaf.");
            }
            catch (Exception e) when (e is EvidenceUnavailableException or LedgerUnavailableException)
            {
                return await TenantQuery.UnavailableAsync(exchange);
            }
        });
    }

    private async Task<TenantEventsView> PageAsync(TenantView view, string tenant, long from, CancellationToken cancellationToken)
    {
        var (events, bytes, next) = (new List<TenantEventsView.Event>(), 0, Math.Min(view.Size, from + MaxLeaves));
        await foreach (var found in view.ReadAsync(from, next, (decision, ct) => evidence.OwnsAsync(tenant, decision, ct), cancellationToken))
        {
            var proof = found.Proof.ToBytes();
            events.Add(new TenantEventsView.Event(found.Index, found.Id.ToString(), found.Decision?.ToString(), Encoding.UTF8.GetString(proof)));
            bytes += proof.Length;
            if (bytes >= MaxBytes)
            {
                next = found.Index + 1;
                break;
            }
        }

        return new TenantEventsView(tenant, view.Log, view.Size, from, next < view.Size ? next : null, events);
    }
}
