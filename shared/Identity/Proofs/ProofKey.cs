using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Proofgate.Identity.Credentials;
using Proofgate.Identity.Jose;
using static Proofgate.Identity.AuthenticationResult;

namespace Proofgate.Identity.Proofs;

/// <summary>The public key in a proof's header (D6, D7). What points to keys elsewhere (kid, jku, x5u, x5c, x5t) is never looked at.</summary>
internal sealed class ProofKey
{
    internal const int LeastRsaBits = 2048;
    internal const int MostRsaBits = 8192;

    private static readonly string[] Private = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    private readonly ProofAlgorithm _algorithm;
    private readonly byte[] _first;
    private readonly byte[] _second;

    /// <param name="algorithm">That the key is for.</param>
    /// <param name="first">x, or n.</param>
    /// <param name="second">y, or e.</param>
    private ProofKey(ProofAlgorithm algorithm, byte[] first, byte[] second)
    {
        _algorithm = algorithm;
        _first = first;
        _second = second;
        Thumbprint = ThumbprintOf(algorithm, first, second);
    }

    /// <summary>RFC 7638 with SHA-256, base64url.</summary>
    internal string Thumbprint { get; }

    /// <returns>What is wrong, or null.</returns>
    internal static Refused? Read(JsonElement jwk, ProofAlgorithm algorithm, out ProofKey? key)
    {
        key = null;
        foreach (var name in Private)
        {
            if (jwk.TryGetProperty(name, out _))
            {
                return Refusals.ProofKeyPrivate;
            }
        }

        if (!IsFor(jwk, algorithm))
        {
            return Refusals.ProofKeyMismatch;
        }

        key = algorithm.Curve is { } curve ? ReadPoint(jwk, algorithm, curve) : ReadRsa(jwk, algorithm);
        return key is null ? Refusals.ProofKeyInvalid : null;
    }

    /// <param name="data">That was signed.</param>
    /// <param name="signature">R and S as they are for ECDSA (RFC 7518, 3.4); DER is of another length, or of another value.</param>
    internal bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        try
        {
            if (_algorithm.Curve is not { } curve)
            {
                using var rsa = RSA.Create(new RSAParameters { Modulus = _first, Exponent = _second });
                return signature.Length == _first.Length && rsa.VerifyData(data, signature, _algorithm.Hash, RSASignaturePadding.Pss);
            }

            if (signature.Length != curve.Length * 2)
            {
                return false;
            }

            using var ecdsa = ECDsa.Create(new ECParameters { Curve = curve.Curve, Q = new ECPoint { X = _first, Y = _second } });
            return ecdsa.VerifyData(data, signature, _algorithm.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Type and curve are the algorithm's, and where the key says what it is for (RFC 7517, 4.2-4.4), it is for this.</summary>
    private static bool IsFor(JsonElement jwk, ProofAlgorithm algorithm) =>
        StrictJson.Text(jwk, "kty"u8) == (algorithm.Curve is null ? "RSA" : "EC")
        && (algorithm.Curve is null || StrictJson.Text(jwk, "crv"u8) == algorithm.Curve.Name)
        && (!jwk.TryGetProperty("alg"u8, out _) || StrictJson.Text(jwk, "alg"u8) == algorithm.Name)
        && (!jwk.TryGetProperty("use"u8, out _) || StrictJson.Text(jwk, "use"u8) == "sig")
        && (!jwk.TryGetProperty("key_ops"u8, out var operations)
            || (operations.ValueKind == JsonValueKind.Array && operations.EnumerateArray().Any(static o => o.ValueKind == JsonValueKind.String && o.ValueEquals("verify"u8))));

    private static ProofKey? ReadPoint(JsonElement jwk, ProofAlgorithm algorithm, ProofCurve curve) =>
        Number(jwk, "x"u8) is { } x && x.Length == curve.Length
        && Number(jwk, "y"u8) is { } y && y.Length == curve.Length
        && curve.Contains(x, y)
            ? new ProofKey(algorithm, x, y)
            : null;

    /// <summary>Numbers without leading zeros (RFC 7518, 2): else one key would have several thumbprints.</summary>
    private static ProofKey? ReadRsa(JsonElement jwk, ProofAlgorithm algorithm) =>
        Number(jwk, "n"u8) is [not 0, ..] n && (n[^1] & 1) == 1 && BitsOf(n) is >= LeastRsaBits and <= MostRsaBits
        && Number(jwk, "e"u8) is [not 0, ..] and { Length: <= 4 } e && (e[^1] & 1) == 1 && e is not [1]
            ? new ProofKey(algorithm, n, e)
            : null;

    private static int BitsOf(byte[] number) => (number.Length * 8) - BitOperations.LeadingZeroCount(number[0]) + 24;

    private static byte[]? Number(JsonElement jwk, ReadOnlySpan<byte> name) => StrictJson.Text(jwk, name) is { } text ? Base64UrlText.Decode(text) : null;

    /// <summary>RFC 7638, 3.2: the members that make the key, in order, without white space.</summary>
    private static string ThumbprintOf(ProofAlgorithm algorithm, byte[] first, byte[] second)
    {
        var (one, two) = (Base64Url.EncodeToString(first), Base64Url.EncodeToString(second));
        var json = algorithm.Curve is { } curve
            ? $$"""{"crv":"{{curve.Name}}","kty":"EC","x":"{{one}}","y":"{{two}}"}"""
            : $$"""{"e":"{{two}}","kty":"RSA","n":"{{one}}"}""";
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(json)));
    }
}
