using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Proofgate.Identity.Tokens;

/// <summary>SHA-256 of a token: what is remembered instead of it.</summary>
internal readonly record struct TokenDigest(UInt128 High, UInt128 Low)
{
    internal static TokenDigest Of(ReadOnlySpan<char> token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(token), hash);
        var halves = MemoryMarshal.Cast<byte, UInt128>(hash);
        return new TokenDigest(halves[0], halves[1]);
    }
}
