using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Proofgate.Enforcement.Feed;

/// <summary>One watcher's view of the feed: a bounded queue. Who reads too slowly loses what comes while it is full, and is told how much.</summary>
public sealed class DecisionWatch : IDisposable
{
    /// <summary>Sightings that wait for one watcher.</summary>
    public const int Capacity = 512;

    private readonly Channel<DecisionSighting> _queue = Channel.CreateBounded<DecisionSighting>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly DecisionBroadcast _broadcast;
    private long _dropped;

    internal DecisionWatch(DecisionBroadcast broadcast, string tenant) => (_broadcast, Tenant) = (broadcast, tenant);

    internal string Tenant { get; }

    public bool TryRead([NotNullWhen(true)] out DecisionSighting? sighting) => _queue.Reader.TryRead(out sighting);

    /// <summary>Sightings that were lost since this was asked last.</summary>
    public long TakeDropped() => Interlocked.Exchange(ref _dropped, 0);

    /// <summary>Completes when there is something to read.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await _queue.Reader.WaitToReadAsync(cancellationToken);

    public void Dispose() => _broadcast.Remove(this);

    internal void Offer(DecisionSighting sighting)
    {
        if (!_queue.Writer.TryWrite(sighting))
        {
            Interlocked.Increment(ref _dropped);
        }
    }
}
