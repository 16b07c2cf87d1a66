using System.Text;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;
using Proofgate.Audit.Publishing;

namespace Proofgate.Audit.Promises;

/// <summary>
/// Makes a promise of each acknowledged record that is answered for. Called by whoever answers, not by the lane that publishes: the records of
/// one batch are signed for on many threads, and no other record waits for it.
/// </summary>
public sealed class PromiseMaker(ProcessKey key, IOptions<AuditOptions> options, TimeProvider time)
{
    private readonly TimeSpan _within = options.Value.PromiseTime;

    /// <param name="receipt">What the stream of this very process acknowledged.</param>
    public AuditPromise Make(in AuditReceipt receipt) => SourceId.TryParse(Encoding.UTF8.GetBytes(receipt.Source), out var source)
        ? AuditPromise.Make(receipt.Id, source, receipt.Number, new MerkleHash(receipt.LeafHash.Span), time.GetUtcNow() + _within, key.Sign)
        : throw new ArgumentException("The receipt names no source.", nameof(receipt));
}
