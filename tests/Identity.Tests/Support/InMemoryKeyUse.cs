using System.Threading.Channels;
using Proofgate.Identity.Usage;

namespace Proofgate.Identity.Tests.Support;

/// <summary>Where days of last use arrive, unless it is down.</summary>
internal sealed class InMemoryKeyUse : IKeyUseStore
{
    private readonly Channel<(KeyId Id, DateOnly Day)> _noted = Channel.CreateUnbounded<(KeyId Id, DateOnly Day)>();

    public bool Down { get; set; }

    /// <summary>Runs before each note.</summary>
    public Func<Task>? Before { get; set; }

    public async Task NoteAsync(KeyId id, DateOnly day, CancellationToken cancellationToken)
    {
        if (Before is { } wait)
        {
            await wait();
        }

        if (Down)
        {
            throw new IOException("The store is down.");
        }

        _noted.Writer.TryWrite((id, day));
    }

    public Task<IReadOnlyDictionary<KeyId, DateOnly>> ReadAsync(KeyId from, KeyId to, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async Task<(KeyId Id, DateOnly Day)> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _noted.Reader.ReadAsync(patience.Token);
    }

    public bool IsEmpty => _noted.Reader.Count == 0;
}
