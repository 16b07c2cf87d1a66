namespace Proofgate.Audit;

/// <summary>
/// The durable evidence as its writer sees it: insert and read, and nothing else. Paths are relative, with <c>/</c> between names of
/// <c>a-z 0-9 . -</c>; a log's files are under its name.
/// </summary>
public interface IEvidenceStore
{
    /// <summary>Creates a file whole or not at all.</summary>
    /// <returns>False if there is one by this name, which stays as it is.</returns>
    /// <exception cref="EvidenceUnavailableException">The store is out of reach, or whether the file was made is unknown. Trying again is safe.</exception>
    Task<bool> InsertAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The file, or null. More than <paramref name="maxBytes"/> are an <see cref="EvidenceDamagedException"/>.</summary>
    Task<byte[]?> ReadAsync(string path, int maxBytes, CancellationToken cancellationToken);

    /// <summary>The highest of the files in <paramref name="folder"/> that are called by a number; null if there is none.</summary>
    Task<long?> HighestAsync(string folder, CancellationToken cancellationToken);

    /// <summary>All of them, in no order.</summary>
    IAsyncEnumerable<long> NumbersAsync(string folder, CancellationToken cancellationToken);

    /// <summary>Every file below <paramref name="folder"/> (empty: all) by its path, in no order.</summary>
    IAsyncEnumerable<string> PathsAsync(string folder, CancellationToken cancellationToken);
}
