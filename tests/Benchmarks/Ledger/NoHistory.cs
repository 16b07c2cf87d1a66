using Proofgate.Audit.Streaming;

namespace Proofgate.Benchmarks.Ledger;

/// <summary>A stream without holes is never asked.</summary>
internal sealed class NoHistory : IStreamHistory
{
    internal static readonly NoHistory Instance = new();

    public Task<IReadOnlyList<StreamRecord>> ReadAgainAsync(int partition, long from, long before, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StreamRecord>>([]);
}
