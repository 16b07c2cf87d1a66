namespace Proofgate.Audit.Tiles;

/// <summary>The leaves from which a log's files are derived.</summary>
internal interface ILeafSource
{
    /// <summary>Every leaf from <paramref name="from"/> to before <paramref name="before"/>, in order.</summary>
    /// <exception cref="EvidenceDamagedException">One is missing.</exception>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(long from, long before, CancellationToken cancellationToken);
}
