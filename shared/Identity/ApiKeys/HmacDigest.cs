using System.Security.Cryptography;

namespace Proofgate.Identity.ApiKeys;

internal sealed class HmacDigest : IKeyedDigest
{
    public void Compute(ReadOnlySpan<byte> pepper, ReadOnlySpan<byte> key, Span<byte> digest) => HMACSHA256.HashData(pepper, key, digest);

    public bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) => CryptographicOperations.FixedTimeEquals(left, right);
}
