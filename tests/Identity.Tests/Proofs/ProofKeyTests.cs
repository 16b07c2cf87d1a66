using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Proofgate.Identity.Proofs;
using Proofgate.Identity.Tests.Support;

namespace Proofgate.Identity.Tests.Proofs;

public sealed class ProofKeyTests
{
    [Theory]
    [Trait("Rule", "D13")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("PS256")]
    public void Key_IsRead_WithItsThumbprint(string algorithm)
    {
        using var smith = ProofSmith.Create(algorithm);
        Assert.Null(Read(smith.Jwk, algorithm, out var key));
        Assert.Equal(smith.Thumbprint, key!.Thumbprint);
        Assert.True(key.Verify([1, 2, 3], smith.Signature([1, 2, 3])));
        Assert.False(key.Verify([1, 2, 4], smith.Signature([1, 2, 3])));
    }

    /// <summary>RFC 7638, 3.1. The key is for RS256; its thumbprint is the same without its alg.</summary>
    [Fact]
    [Trait("Rule", "D13")]
    public void Thumbprint_IsThatOfRfc7638()
    {
        var jwk = new JsonObject
        {
            ["kty"] = "RSA",
            ["n"] = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
            ["e"] = "AQAB",
            ["kid"] = "2011-04-29",
        };
        Assert.Null(Read(jwk, "PS256", out var key));
        Assert.Equal("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", key!.Thumbprint);
    }

    [Theory]
    [Trait("Rule", "D7")]
    [Trait("Rule", "B4")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public void Point_MustBeOnItsCurve_InFullLength(string algorithm)
    {
        using var smith = ProofSmith.Create(algorithm);
        var (x, y) = (Bytes(smith, "x"), Bytes(smith, "y"));
        AssertInvalid(Changed(smith, "y", Flipped(y)), algorithm);
        AssertInvalid(Changed(smith, "x", Flipped(x)), algorithm);
        AssertInvalid(Changed(smith, "x", y), algorithm);
        AssertInvalid(Changed(smith, "x", [0, .. x]), algorithm);
        AssertInvalid(Changed(smith, "x", x[1..]), algorithm);
        AssertInvalid(Changed(smith, "x", []), algorithm);
        AssertInvalid(Changed(smith, "y", new byte[y.Length]), algorithm);
        AssertInvalid(Changed(smith, "y", Enumerable.Repeat((byte)255, y.Length).ToArray()), algorithm);
        var jwk = smith.Jwk;
        jwk["x"] = (string)jwk["x"]! + "=";
        AssertInvalid(jwk, algorithm);
        jwk.Remove("x");
        AssertInvalid(jwk, algorithm);
    }

    [Fact]
    [Trait("Rule", "D7")]
    public void Point_IsRefused_WhenACoordinateIsNotReduced()
    {
        // 5 + p fits into 32 bytes for no point of P-256 but for very small x: the point with x = 5 has such a twin.
        var p = (System.Numerics.BigInteger.One << 256) - (System.Numerics.BigInteger.One << 224) + (System.Numerics.BigInteger.One << 192) + (System.Numerics.BigInteger.One << 96) - 1;
        var b = System.Numerics.BigInteger.Parse("05ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b", System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture);
        System.Numerics.BigInteger x = 5;
        var y = System.Numerics.BigInteger.ModPow((x * x * x) - (3 * x) + b, (p + 1) / 4, p);
        var jwk = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = Coordinate(x), ["y"] = Coordinate(y) };
        Assert.Null(Read(jwk, "ES256", out _));
        jwk["x"] = Coordinate(x + p);
        AssertInvalid(jwk, "ES256");

        static string Coordinate(System.Numerics.BigInteger number)
        {
            var bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
            return ProofSmith.Text([.. new byte[32 - bytes.Length], .. bytes]);
        }
    }

    [Theory]
    [Trait("Rule", "D7")]
    [InlineData(1024, false)]
    [InlineData(2047, false)]
    [InlineData(2048, true)]
    [InlineData(8192, true)]
    [InlineData(8193, false)]
    [InlineData(16384, false)]
    public void Modulus_HasABoundedLength(int bits, bool taken)
    {
        var n = new byte[(bits + 7) / 8];
        RandomNumberGenerator.Fill(n);
        n[0] = (byte)((n[0] | 0x80) >> (7 - ((bits - 1) % 8)));
        n[^1] |= 1;
        Assert.Equal(taken, Read(Rsa(n, [1, 0, 1]), "PS256", out _) is null);
        n[^1] &= 0xFE;
        AssertInvalid(Rsa(n, [1, 0, 1]), "PS256");
    }

    [Theory]
    [Trait("Rule", "D7")]
    [InlineData("", false)]
    [InlineData("00", false)]
    [InlineData("01", false)]
    [InlineData("02", false)]
    [InlineData("03", true)]
    [InlineData("0003", false)]
    [InlineData("010001", true)]
    [InlineData("010000", false)]
    [InlineData("FFFFFFFF", true)]
    [InlineData("0100000001", false)]
    public void Exponent_IsOddAndBounded(string hex, bool taken)
    {
        using var smith = ProofSmith.Create("PS256");
        Assert.Equal(taken, Read(Rsa(Bytes(smith, "n"), Convert.FromHexString(hex)), "PS256", out _) is null);
        AssertInvalid(Rsa([0, .. Bytes(smith, "n")], [1, 0, 1]), "PS256");
    }

    [Theory]
    [Trait("Rule", "D5")]
    [InlineData("kty", "\"oct\"")]
    [InlineData("kty", "\"OKP\"")]
    [InlineData("kty", "\"ec\"")]
    [InlineData("kty", "[\"EC\"]")]
    [InlineData("kty", null)]
    [InlineData("crv", "\"P-384\"")]
    [InlineData("crv", "\"secp256k1\"")]
    [InlineData("crv", "\"Ed25519\"")]
    [InlineData("crv", null)]
    [InlineData("alg", "\"ES384\"")]
    [InlineData("alg", "1")]
    [InlineData("use", "\"enc\"")]
    [InlineData("key_ops", "[\"sign\"]")]
    [InlineData("key_ops", "[]")]
    [InlineData("key_ops", "\"verify\"")]
    public void Key_IsRefused_WhenItIsForSomethingElse(string name, string? json)
    {
        using var smith = ProofSmith.Create();
        var jwk = smith.Jwk;
        jwk["alg"] = "ES256";
        jwk["use"] = "sig";
        jwk["key_ops"] = new JsonArray("verify");
        Assert.Null(Read(jwk, "ES256", out _));
        jwk.Remove(name);
        if (json is not null)
        {
            jwk[name] = JsonNode.Parse(json);
        }

        Assert.Equal("proof_key_mismatch", Read(jwk, "ES256", out _)?.Reason);
    }

    [Theory]
    [Trait("Rule", "D6")]
    [InlineData("ES256", 64)]
    [InlineData("ES384", 96)]
    [InlineData("ES512", 132)]
    [InlineData("PS256", 256)]
    public void Signature_HasItsExactLength(string algorithm, int length)
    {
        using var smith = ProofSmith.Create(algorithm);
        Read(smith.Jwk, algorithm, out var key);
        var signature = smith.Signature([1]);
        Assert.Equal(length, signature.Length);
        Assert.True(key!.Verify([1], signature));
        Assert.False(key.Verify([1], [0, .. signature]));
        Assert.False(key.Verify([1], [.. signature, 0]));
        Assert.False(key.Verify([1], signature.AsSpan(1)));
        Assert.False(key.Verify([1], []));
        Assert.False(key.Verify([1], new byte[length]));
        Assert.False(key.Verify([1], Enumerable.Repeat((byte)255, length).ToArray()));
        if (algorithm != "PS256")
        {
            Assert.False(key.Verify([1], smith.Signature([1], DSASignatureFormat.Rfc3279DerSequence)));
            Assert.False(key.Verify([1], [.. signature.AsSpan(0, length / 2), .. new byte[length / 2]]));
        }
    }

    [Fact]
    [Trait("Rule", "D5")]
    public void Signature_OfPkcs1Padding_IsRefused()
    {
        using var smith = ProofSmith.Create("RS256");
        Assert.Null(Read(smith.Jwk, "PS256", out var key));
        Assert.False(key!.Verify([1], smith.Signature([1])));
    }

    private static byte[] Flipped(byte[] bytes) => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)];

    private static byte[] Bytes(ProofSmith smith, string name) => System.Buffers.Text.Base64Url.DecodeFromChars((string)smith.Jwk[name]!);

    private static JsonObject Changed(ProofSmith smith, string name, byte[] value)
    {
        var jwk = smith.Jwk;
        jwk[name] = ProofSmith.Text(value);
        return jwk;
    }

    private static JsonObject Rsa(byte[] n, byte[] e) => new() { ["kty"] = "RSA", ["n"] = ProofSmith.Text(n), ["e"] = ProofSmith.Text(e) };

    private static void AssertInvalid(JsonObject jwk, string algorithm) => Assert.Equal("proof_key_invalid", Read(jwk, algorithm, out _)?.Reason);

    private static AuthenticationResult.Refused? Read(JsonObject jwk, string algorithm, out ProofKey? key) =>
        ProofKey.Read(JsonDocument.Parse(jwk.ToJsonString()).RootElement, ProofAlgorithm.Find(algorithm)!, out key);
}
