using System.Collections.Concurrent;
using System.Globalization;
using Proofgate.Identity.Denials;

namespace Proofgate.Http.Tests.Support;

/// <summary>The deny list in memory.</summary>
internal sealed class MemoryDenials : IDenyStore
{
    private readonly ConcurrentDictionary<string, DenyEntry> _entries = new();
    private int _version;

    internal IEnumerable<DenyEntry> Entries => _entries.Values;

    /// <summary>Every call ends so.</summary>
    internal Exception? Fault { get; set; }

    public Task<IReadOnlyList<DenyEntry>> ReadAsync(CancellationToken cancellationToken) =>
        Fault is null ? Task.FromResult<IReadOnlyList<DenyEntry>>([.. _entries.Values]) : Task.FromException<IReadOnlyList<DenyEntry>>(Fault);

    public Task PutAsync(DenyEntry entry, CancellationToken cancellationToken)
    {
        _entries[entry.Id] = entry with { Version = Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture) };
        return Fault is null ? Task.CompletedTask : Task.FromException(Fault);
    }

    public Task<bool> TryRemoveAsync(DenyEntry entry, CancellationToken cancellationToken) =>
        Task.FromResult(!_entries.TryGetValue(entry.Id, out var known) || (known.Version == entry.Version && _entries.TryRemove(KeyValuePair.Create(entry.Id, known))));
}
