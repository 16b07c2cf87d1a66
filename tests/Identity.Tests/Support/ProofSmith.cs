using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Proofgate.Identity.Tests.Support;

/// <summary>Makes proofs of every kind, good ones and bent ones.</summary>
internal sealed class ProofSmith : IDisposable
{
    private readonly AsymmetricAlgorithm _key;

    private ProofSmith(string algorithm, AsymmetricAlgorithm key)
    {
        Algorithm = algorithm;
        _key = key;
    }

    public string Algorithm { get; }

    /// <summary>The public key.</summary>
    public JsonObject Jwk => _key switch
    {
        ECDsa ec when ec.ExportParameters(false) is var p => new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = Algorithm switch { "ES256" => "P-256", "ES384" => "P-384", _ => "P-521" },
            ["x"] = Text(p.Q.X!),
            ["y"] = Text(p.Q.Y!),
        },
        RSA rsa when rsa.ExportParameters(false) is var p => new JsonObject { ["kty"] = "RSA", ["n"] = Text(p.Modulus!), ["e"] = Text(p.Exponent!) },
        _ => throw new InvalidOperationException(),
    };

    /// <summary>By RFC 7638, 3.</summary>
    public string Thumbprint => Text(SHA256.HashData(Encoding.UTF8.GetBytes(_key is ECDsa
        ? $$"""{"crv":"{{Jwk["crv"]}}","kty":"EC","x":"{{Jwk["x"]}}","y":"{{Jwk["y"]}}"}"""
        : $$"""{"e":"{{Jwk["e"]}}","kty":"RSA","n":"{{Jwk["n"]}}"}""")));

    public static ProofSmith Create(string algorithm = "ES256", int rsaBits = 2048) => new(algorithm, algorithm switch
    {
        "ES256" => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        "ES384" => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        "ES512" => ECDsa.Create(ECCurve.NamedCurves.nistP521),
        _ => RSA.Create(rsaBits),
    });

    public JsonObject Header() => new() { ["typ"] = "dpop+jwt", ["alg"] = Algorithm, ["jwk"] = Jwk };

    public static JsonObject Claims(TimeProvider time, string? credential = null, string method = "POST", string target = Room.Target)
    {
        var claims = new JsonObject
        {
            ["jti"] = Text(RandomNumberGenerator.GetBytes(16)),
            ["htm"] = method,
            ["htu"] = target,
            ["iat"] = time.GetUtcNow().ToUnixTimeSeconds(),
        };
        if (credential is not null)
        {
            claims["ath"] = HashOf(credential);
        }

        return claims;
    }

    /// <param name="time">Of its <c>iat</c>.</param>
    /// <param name="credential">That it goes with.</param>
    /// <param name="bend">Changes header and claims before they are signed.</param>
    public string Make(TimeProvider time, string? credential = null, Action<JsonObject, JsonObject>? bend = null)
    {
        var (header, claims) = (Header(), Claims(time, credential));
        bend?.Invoke(header, claims);
        return Sign(header.ToJsonString(), claims.ToJsonString());
    }

    public string Sign(string header, string payload) => Sign(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(payload));

    public string Sign(byte[] header, byte[] payload, DSASignatureFormat format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation)
    {
        var signed = $"{Text(header)}.{Text(payload)}";
        return $"{signed}.{Text(Signature(Encoding.ASCII.GetBytes(signed), format))}";
    }

    public byte[] Signature(byte[] data, DSASignatureFormat format = DSASignatureFormat.IeeeP1363FixedFieldConcatenation) => _key switch
    {
        ECDsa ec => ec.SignData(data, Algorithm switch { "ES256" => HashAlgorithmName.SHA256, "ES384" => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 }, format),
        RSA rsa => rsa.SignData(data, HashAlgorithmName.SHA256, Algorithm == "RS256" ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss),
        _ => throw new InvalidOperationException(),
    };

    public static string HashOf(string credential) => Text(SHA256.HashData(Encoding.ASCII.GetBytes(credential)));

    public static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    public void Dispose() => _key.Dispose();
}
