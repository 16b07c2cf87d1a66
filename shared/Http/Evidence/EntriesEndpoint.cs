using Microsoft.Extensions.Options;
using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Tiles;
using Proofgate.Http.Manage;
using Proofgate.Policy;

namespace Proofgate.Http.Evidence;

/// <summary>
/// Entry bundles, wide ones, single long entries and the index of their ids: the records of all tenants, so for whoever may manage the log of the tenant
/// that the operator named.
/// </summary>
public sealed class EntriesEndpoint(ManageDesk desk, EvidenceReader evidence, IOptions<AuditOptions> options) : IEndpoint
{
    public Task HandleAsync(Exchange exchange) => desk.RunAsync(exchange, _ => Vocabulary.AuditLog(options.Value.Tenant), async (_, _) =>
    {
        byte[]? file;
        try
        {
            var (tile, folder) = (EvidenceAnswer.Tile(exchange), exchange.Route == Routes.WideBundles ? "wide/" : "entries/");
            file = TileId.TryParse(folder + tile, out var id)
                ? await evidence.FileAsync(EvidenceAnswer.Partition(exchange), id with { Kind = KindOf(exchange.Route, id.Kind) }, exchange.ClientGone)
                : null;
        }
        catch (EvidenceUnavailableException)
        {
            return await ManageDesk.RefuseAsync(exchange, 503, "evidence_unavailable", "The evidence is out of reach at the moment. Try again shortly.");
        }

        if (file is null)
        {
            return await ManageDesk.RefuseAsync(exchange, 404, "bundle_not_found", "The log has no such bundle. One with an entry of over 65,535 bytes is under tile/wide.");
        }

        await EvidenceAnswer.WriteAsync(exchange, file, EvidenceAnswer.Bytes);
        return 200;
    });

    private static TileKind KindOf(Route route, TileKind named) =>
        route == Routes.LongEntries ? TileKind.Large : route == Routes.IdIndex ? TileKind.Ids : named;
}
