using Proofgate.Identity.ApiKeys;

namespace Proofgate.Identity.Tests.Support;

internal sealed class CountingDigest : IKeyedDigest
{
    private readonly HmacDigest _inner = new();
    private int _computed;
    private int _compared;

    public int Computed => Volatile.Read(ref _computed);

    public int Compared => Volatile.Read(ref _compared);

    public void Compute(ReadOnlySpan<byte> pepper, ReadOnlySpan<byte> key, Span<byte> digest)
    {
        Interlocked.Increment(ref _computed);
        _inner.Compute(pepper, key, digest);
    }

    public bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Interlocked.Increment(ref _compared);
        return _inner.AreEqual(left, right);
    }
}
