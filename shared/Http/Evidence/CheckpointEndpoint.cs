using Proofgate.Audit;
using Proofgate.Audit.Checkpoints;

namespace Proofgate.Http.Evidence;

/// <summary><c>GET /audit/log/{partition}/checkpoint</c>: the newest signed checkpoint of a log (C2SP tlog-tiles).</summary>
public sealed class CheckpointEndpoint(EvidenceReader evidence) : IEndpoint
{
    private const string Cacheable = "public, max-age=1";

    public async Task HandleAsync(Exchange exchange)
    {
        byte[]? checkpoint;
        try
        {
            checkpoint = await evidence.CheckpointAsync(EvidenceAnswer.Partition(exchange), exchange.ClientGone);
        }
        catch (EvidenceUnavailableException)
        {
            await EvidenceAnswer.UnavailableAsync(exchange);
            return;
        }

        await (checkpoint is null
            ? EvidenceAnswer.NotFoundAsync(exchange)
            : EvidenceAnswer.WriteAsync(exchange, checkpoint, EvidenceAnswer.Text, Cacheable));
    }
}
