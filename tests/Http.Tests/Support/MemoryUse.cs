using System.Collections.Concurrent;
using Proofgate.Identity;
using Proofgate.Identity.Usage;

namespace Proofgate.Http.Tests.Support;

/// <summary>Days of last use in memory.</summary>
internal sealed class MemoryUse : IKeyUseStore
{
    private readonly ConcurrentDictionary<KeyId, DateOnly> _days = new();
    private volatile TaskCompletionSource _noted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task NoteAsync(KeyId id, DateOnly day, CancellationToken cancellationToken)
    {
        _days[id] = day;
        Interlocked.Exchange(ref _noted, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<KeyId, DateOnly>> ReadAsync(KeyId from, KeyId to, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyDictionary<KeyId, DateOnly>>(_days
        .Where(d => string.CompareOrdinal(d.Key.ToString(), from.ToString()) >= 0 && string.CompareOrdinal(d.Key.ToString(), to.ToString()) <= 0).ToDictionary());

    /// <summary>The day, once it is noted: that happens beside the call.</summary>
    internal async Task<DateOnly> DayAsync(KeyId id)
    {
        while (true)
        {
            var noted = _noted.Task;
            if (_days.TryGetValue(id, out var day))
            {
                return day;
            }

            await noted.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }
}
