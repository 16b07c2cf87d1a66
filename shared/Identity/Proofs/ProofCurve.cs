using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;

namespace Proofgate.Identity.Proofs;

/// <summary>A curve of FIPS 186-4 (SP 800-186, 3.2.1), with what is needed to say whether a point is on it.</summary>
internal sealed class ProofCurve
{
    internal static readonly ProofCurve P256 = new(
        "P-256",
        ECCurve.NamedCurves.nistP256,
        32,
        BigInteger.Pow(2, 256) - BigInteger.Pow(2, 224) + BigInteger.Pow(2, 192) + BigInteger.Pow(2, 96) - 1,
        "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");

    internal static readonly ProofCurve P384 = new(
        "P-384",
        ECCurve.NamedCurves.nistP384,
        48,
        BigInteger.Pow(2, 384) - BigInteger.Pow(2, 128) - BigInteger.Pow(2, 96) + BigInteger.Pow(2, 32) - 1,
        "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef");

    internal static readonly ProofCurve P521 = new(
        "P-521",
        ECCurve.NamedCurves.nistP521,
        66,
        BigInteger.Pow(2, 521) - 1,
        "51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00");

    private readonly BigInteger _p;
    private readonly BigInteger _b;

    private ProofCurve(string name, ECCurve curve, int length, BigInteger p, string b)
    {
        Name = name;
        Curve = curve;
        Length = length;
        _p = p;
        _b = BigInteger.Parse("0" + b, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    /// <summary>As JWK's <c>crv</c> (RFC 7518, 6.2.1.1).</summary>
    internal string Name { get; }

    internal ECCurve Curve { get; }

    /// <summary>Of a coordinate, in bytes.</summary>
    internal int Length { get; }

    /// <summary>y² = x³ - 3x + b. The libraries below check it too; it is not left to whichever one a platform has.</summary>
    internal bool Contains(ReadOnlySpan<byte> xBytes, ReadOnlySpan<byte> yBytes)
    {
        var x = new BigInteger(xBytes, isUnsigned: true, isBigEndian: true);
        var y = new BigInteger(yBytes, isUnsigned: true, isBigEndian: true);
        return x < _p && y < _p && ((y * y) - (x * x * x) + (3 * x) - _b) % _p == BigInteger.Zero;
    }
}
