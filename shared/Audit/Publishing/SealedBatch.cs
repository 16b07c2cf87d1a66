using Proofgate.Audit.Events;
using Proofgate.Audit.Ledger;

namespace Proofgate.Audit.Publishing;

/// <summary>Events with their final bytes. The bytes live until the transport is surely done with them.</summary>
internal sealed class SealedBatch(int capacity) : IDisposable
{
    private readonly PooledBuffer _bytes = new(capacity);
    private readonly List<(int Start, int Length)> _places = [];
    private readonly List<(PendingEvent? Waiter, AuditId Id, long Number, MerkleHash Hash)> _entries = [];
    private readonly List<ReadOnlyMemory<byte>> _events = [];

    internal int Bytes => _bytes.Length;

    internal int Count => _entries.Count;

    internal SourceCounter Add(SourceCounter counter, AuditId id, PooledBuffer tail, PendingEvent? waiter)
    {
        var start = _bytes.Length;
        _bytes.Advance(EventWriter.WriteHead(_bytes.GetSpan(EventLimits.MaxHeadBytes), id, counter.Source, counter.Number + 1, counter.Last));
        tail.WrittenSpan.CopyTo(_bytes.GetSpan(tail.Length));
        _bytes.Advance(tail.Length);
        var hash = MerkleHash.OfLeaf(_bytes.WrittenSpan[start..]);
        _places.Add((start, _bytes.Length - start));
        _entries.Add((waiter, id, counter.Number + 1, hash));
        return counter.Next(hash);
    }

    /// <summary>The events' bytes, once all are added: the buffer may move while it grows.</summary>
    internal IReadOnlyList<ReadOnlyMemory<byte>> Seal()
    {
        foreach (var (start, length) in _places)
            _events.Add(_bytes.Slice(start, length));
        return _events;
    }

    internal void Acknowledge(string source)
    {
        foreach (var (waiter, id, number, hash) in _entries)
            waiter?.TrySetResult(new AuditReceipt(id, source, number, hash.ToArray()));
    }

    internal void Fail(Exception exception)
    {
        foreach (var (waiter, _, _, _) in _entries)
            waiter?.TrySetException(exception);
    }

    internal void Clear()
    {
        _bytes.Clear();
        _places.Clear();
        _entries.Clear();
        _events.Clear();
    }

    public void Dispose() => _bytes.Dispose();
}
