namespace Proofgate.Identity.ApiKeys;

/// <summary>The two costly steps of checking a key, behind a seam so that a test can count them.</summary>
internal interface IKeyedDigest
{
    void Compute(ReadOnlySpan<byte> pepper, ReadOnlySpan<byte> key, Span<byte> digest);

    /// <summary>In constant time.</summary>
    bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right);
}
