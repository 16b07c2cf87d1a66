using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Proofgate.Audit.Streaming;

namespace Proofgate.Audit.Ledger;

/// <summary>Takes the records that a trigger brings: one writer a partition, one batch at a time. Nothing is kept that the table does not hold.</summary>
public sealed class LedgerInlet(ILedgerTable table, IRemoteHistory stream, IOptions<LedgerOptions> options, ILogger<LedgerInlet> log, TimeProvider? time = null)
{
    private readonly ConcurrentDictionary<int, Place> _places = new();

    /// <summary>
    /// Appends a batch and completes when all of it is committed. After an exception the same batch may be given again: what the ledger holds is
    /// dropped.
    /// </summary>
    /// <exception cref="LedgerUnavailableException">Try again.</exception>
    /// <exception cref="LedgerDamagedException">Trying again does not help; see <c>proofgate audit verify</c>.</exception>
    public async Task AppendAsync(int partition, IReadOnlyList<StreamRecord> records, CancellationToken cancellationToken)
    {
        var place = _places.GetOrAdd(partition, static _ => new Place());
        await place.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var writer = place.Writer ?? await OpenAsync(partition, cancellationToken).ConfigureAwait(false);
            // Kept only if all went well: after a failure the stream is asked again which one it is.
            place.Writer = null;
            await writer.AppendAsync(records, cancellationToken).ConfigureAwait(false);
            place.Writer = writer;
            if (records.Count > 0)
                Measures.Delay.Record(((time ?? TimeProvider.System).GetUtcNow() - records[^1].EnqueuedAt).TotalSeconds);
        }
        finally
        {
            place.Turn.Release();
        }
    }

    private async Task<LedgerWriter> OpenAsync(int partition, CancellationToken cancellationToken)
    {
        var identity = await stream.IdentifyAsync(cancellationToken).ConfigureAwait(false);
        return await LedgerWriter.OpenAsync(table, options.Value.Hub, partition, identity, stream, options.Value.LedgerInsertion, log, cancellationToken).ConfigureAwait(false);
    }

    private sealed class Place
    {
        internal SemaphoreSlim Turn { get; } = new(1);

        internal LedgerWriter? Writer { get; set; }
    }
}
