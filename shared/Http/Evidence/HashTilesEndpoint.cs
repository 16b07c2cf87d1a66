using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;
using Proofgate.Audit.Tiles;

namespace Proofgate.Http.Evidence;

/// <summary><c>GET /audit/log/{partition}/tile/{level}/{index}</c>: hashes, which say nothing of what was recorded, and so are for everybody.</summary>
public sealed class HashTilesEndpoint(EvidenceReader evidence) : IEndpoint
{
    public async Task HandleAsync(Exchange exchange)
    {
        byte[]? tile = null;
        try
        {
            if (TileId.TryParse(EvidenceAnswer.Tile(exchange), out var id) && id.Kind == TileKind.Hashes)
            {
                tile = await evidence.FileAsync(EvidenceAnswer.Partition(exchange), id, exchange.ClientGone);
            }
        }
        catch (EvidenceUnavailableException)
        {
            await EvidenceAnswer.UnavailableAsync(exchange);
            return;
        }

        await (tile is null
            ? EvidenceAnswer.NotFoundAsync(exchange)
            : EvidenceAnswer.WriteAsync(exchange, tile, EvidenceAnswer.Bytes, EvidenceAnswer.Immutable));
    }
}
