using System.Globalization;
using Proofgate.Identity.Denials;

namespace Proofgate.Identity.Tests.Support;

/// <summary>A deny list in memory that shares the change feed of the keys, with switches for faults.</summary>
internal sealed class InMemoryDenyStore(InMemoryKeyStore feed) : IDenyStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, DenyEntry> _entries = [];
    private int _version;
    private int _reads;

    public int Reads => Volatile.Read(ref _reads);

    public bool Down { get; set; }

    public IReadOnlyCollection<DenyEntry> Entries => _entries.Values;

    /// <summary>Runs between the moment a read has its answer and the moment it gives it.</summary>
    public Func<Task>? BeforeReadReturns { get; set; }

    public async Task<IReadOnlyList<DenyEntry>> ReadAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _reads);
        ThrowIfDown();
        IReadOnlyList<DenyEntry> found;
        lock (_gate)
        {
            found = [.. _entries.Values];
        }

        if (BeforeReadReturns is { } wait)
        {
            await wait();
        }

        return found;
    }

    public Task PutAsync(DenyEntry entry, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        lock (_gate)
        {
            _entries[entry.Id] = entry with { Version = (++_version).ToString(CultureInfo.InvariantCulture) };
        }

        feed.MarkDenyList();
        return Task.CompletedTask;
    }

    public Task<bool> TryRemoveAsync(DenyEntry entry, CancellationToken cancellationToken)
    {
        ThrowIfDown();
        lock (_gate)
        {
            if (_entries.TryGetValue(entry.Id, out var known) && known.Version != entry.Version)
            {
                return Task.FromResult(false);
            }

            _entries.Remove(entry.Id);
        }

        feed.MarkDenyList();
        return Task.FromResult(true);
    }

    private void ThrowIfDown()
    {
        if (Down)
        {
            throw new IOException("The store is down.");
        }
    }
}
