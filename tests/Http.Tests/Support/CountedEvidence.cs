using Proofgate.Audit;

namespace Proofgate.Http.Tests.Support;

/// <summary>Evidence that tells how often it was asked.</summary>
internal sealed class CountedEvidence(IEvidenceStore inner) : IEvidenceStore
{
    private int _calls;

    internal int Calls => _calls;

    public Task<bool> InsertAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A gateway does not write the evidence.");

    public Task<byte[]?> ReadAsync(string path, int maxBytes, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return inner.ReadAsync(path, maxBytes, cancellationToken);
    }

    public Task<long?> HighestAsync(string folder, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return inner.HighestAsync(folder, cancellationToken);
    }

    public IAsyncEnumerable<long> NumbersAsync(string folder, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return inner.NumbersAsync(folder, cancellationToken);
    }

    public IAsyncEnumerable<string> PathsAsync(string folder, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        return inner.PathsAsync(folder, cancellationToken);
    }
}
