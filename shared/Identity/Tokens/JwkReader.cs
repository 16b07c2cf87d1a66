using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Proofgate.Identity.Tokens;

/// <summary>Reads the keys of a JWK set (RFC 7517, 5) that can verify signatures; others are ignored, as section 5 says.</summary>
internal static class JwkReader
{
    internal const int MaxKeys = 100;

    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;

    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <returns>The usable ones of the first <see cref="MaxKeys"/>.</returns>
    internal static List<SigningKey> Read(JsonElement keys) =>
        [.. keys.EnumerateArray().Take(MaxKeys).Select(TryRead).OfType<SigningKey>()];

    private static SigningKey? TryRead(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object
            || PrivateMembers.Any(m => jwk.TryGetProperty(m, out _))
            || (jwk.TryGetProperty("use", out _) && jwk.Text("use") != "sig")
            || (jwk.TryGetProperty("key_ops", out var operations) && !Verifies(operations))
            || (jwk.TryGetProperty("kid", out _) && jwk.Text("kid") is not { Length: > 0 and <= ClaimText.MaxLength })
            || (jwk.TryGetProperty("alg", out _) && jwk.Text("alg") is null))
        {
            return null;
        }

        return jwk.Text("kty") switch
        {
            "RSA" => TryReadRsa(jwk),
            "EC" => TryReadEc(jwk),
            _ => null,
        };
    }

    private static bool Verifies(JsonElement operations) =>
        operations.ValueKind == JsonValueKind.Array && operations.EnumerateArray().Any(static o => o.ValueKind == JsonValueKind.String && o.ValueEquals("verify"));

    private static SigningKey? TryReadRsa(JsonElement jwk)
    {
        if (!TryNumber(jwk, "n", out var modulus) || !TryNumber(jwk, "e", out var exponent)
            || modulus[0] == 0 || modulus.Length * 8 > MaxRsaBits || BitLength(modulus) < MinRsaBits || (modulus[^1] & 1) == 0
            || exponent[0] == 0 || exponent.Length > 4 || (exponent[^1] & 1) == 0 || exponent is [1])
        {
            return null;
        }

        var parameters = new RSAParameters { Modulus = modulus, Exponent = exponent };
        return Make(jwk, SignatureAlgorithm.Rsa, $"{jwk.Text("n")}.{jwk.Text("e")}", new RsaSecurityKey(parameters));
    }

    /// <summary>B4: importing a point checks that it is on the curve.</summary>
    private static SigningKey? TryReadEc(JsonElement jwk)
    {
        var (curve, size) = jwk.Text("crv") switch
        {
            SignatureAlgorithm.P256 => (ECCurve.NamedCurves.nistP256, 32),
            SignatureAlgorithm.P384 => (ECCurve.NamedCurves.nistP384, 48),
            SignatureAlgorithm.P521 => (ECCurve.NamedCurves.nistP521, 66),
            _ => (default, 0),
        };
        if (size == 0 || !TryNumber(jwk, "x", out var x) || !TryNumber(jwk, "y", out var y) || x.Length != size || y.Length != size)
        {
            return null;
        }

        try
        {
            var key = ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y } });
            return Make(jwk, jwk.Text("crv")!, $"{jwk.Text("x")}.{jwk.Text("y")}", new ECDsaSecurityKey(key));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static SigningKey Make(JsonElement jwk, string type, string material, SecurityKey key)
    {
        // The library's own cache would outlive the key set that the key belongs to.
        key.CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false };
        key.KeyId = jwk.Text("kid");
        return new SigningKey(jwk.Text("kid"), type, jwk.Text("alg"), material, key);
    }

    private static bool TryNumber(JsonElement jwk, string name, out byte[] bytes)
    {
        bytes = [];
        return jwk.Text(name) is { } text && TokenReader.TryDecode(text, out bytes);
    }

    private static int BitLength(byte[] number) => (number.Length * 8) - (System.Numerics.BitOperations.LeadingZeroCount(number[0]) - 24);
}
