using Proofgate.Audit.Streaming;

namespace Proofgate.Audit.Tests.Doubles;

/// <summary>A stream partition's records in memory.</summary>
internal sealed class MemoryHistory(IReadOnlyList<StreamRecord> records) : IStreamHistory
{
    internal static readonly MemoryHistory Empty = new([]);

    public Task<IReadOnlyList<StreamRecord>> ReadAgainAsync(int partition, long from, long before, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StreamRecord>>([.. records.Where(r => r.Sequence >= from && r.Sequence < before)]);
}
