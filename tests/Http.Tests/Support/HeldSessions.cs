using System.Collections.Concurrent;
using Proofgate.Enforcement;

namespace Proofgate.Http.Tests.Support;

/// <summary>Sessions in memory, out of reach when told.</summary>
internal sealed class HeldSessions : ISessionStore
{
    private readonly ConcurrentDictionary<SessionKey, SessionRecord> _records = new();

    internal Func<string, bool> CannotKeep { get; set; } = static _ => false;

    internal bool Down { get; set; }

    public ValueTask<SessionRecord?> FindAsync(SessionKey key, CancellationToken cancellationToken) =>
        Down ? throw new SessionUnavailableException("down") : ValueTask.FromResult(_records.GetValueOrDefault(key));

    public ValueTask CreateAsync(SessionKey key, SessionRecord record, CancellationToken cancellationToken) =>
        Down || !_records.TryAdd(key, record) ? throw new SessionUnavailableException("down") : ValueTask.CompletedTask;

    public ValueTask<SessionRecord?> RaiseAsync(SessionKey key, string label, CancellationToken cancellationToken) => Down || CannotKeep(label)
        ? throw new SessionUnavailableException("down")
        : ValueTask.FromResult<SessionRecord?>(_records.AddOrUpdate(key, static _ => throw new InvalidOperationException(), (_, record) => record.With(label)));
}
