namespace Proofgate.Data.Connectors;

/// <summary>Rows as they arrive. Not thread-safe.</summary>
internal interface ISourceRows : IAsyncDisposable
{
    /// <summary>Reads the next row into <paramref name="cells"/>: the columns fetched; for aggregates the groups' columns and then the aggregates.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="SourceException">The source failed.</exception>
    ValueTask<bool> ReadAsync(Cell[] cells, CancellationToken cancellationToken);
}
