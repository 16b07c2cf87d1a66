using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Proofgate.Identity.Proofs;

/// <summary>
/// Spends proofs, each once (D14). Only for those that hold in every other way: what strangers send reaches no store. A host that takes no
/// proofs needs no store; one that does is not started without (<see cref="ProofOptionsCheck"/>).
/// </summary>
internal sealed class ReplayGuard(IOptions<ProofOptions> options, TimeProvider time, ILogger<ReplayGuard> log, IProofReplayStore? store = null)
{
    private readonly TimeSpan _patience = options.Value.StoreTimeout;

    internal RecentProofs Recent { get; } = new(options.Value.RememberedProofs, options.Value.MaxAge + options.Value.MaxAhead, time);

    [SuppressMessage("Design", "CA1031", Justification = "Whatever the store's failure is, nothing was proved: it is answered 503, and noted.")]
    internal async ValueTask<ReplayAnswer> SpendAsync(ProofUse use, CancellationToken cancellationToken)
    {
        if (store is null)
        {
            return ReplayAnswer.Unknown;
        }

        if (Recent.Contains(use.Digest))
        {
            return ReplayAnswer.Again;
        }

        try
        {
            using var patience = new CancellationTokenSource(_patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            var first = await store.TryInsertAsync(use, either.Token).WaitAsync(either.Token).ConfigureAwait(false);
            Recent.Add(use.Digest);
            return first ? ReplayAnswer.First : ReplayAnswer.Again;
        }
        catch (Exception failure)
        {
            cancellationToken.ThrowIfCancellationRequested();
            log.ProofUseNotNoted(failure);
            return ReplayAnswer.Unknown;
        }
    }
}
