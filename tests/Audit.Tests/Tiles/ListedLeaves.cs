using System.Runtime.CompilerServices;
using Proofgate.Audit.Tiles;

namespace Proofgate.Audit.Tests.Tiles;

/// <summary>Leaves in memory.</summary>
internal sealed class ListedLeaves(IReadOnlyList<byte[]> leaves) : ILeafSource
{
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        long from, long before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        for (var i = from; i < before; i++)
            yield return leaves[(int)i];
    }
}
