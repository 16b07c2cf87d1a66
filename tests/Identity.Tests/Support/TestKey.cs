using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Proofgate.Identity.Tests.Support;

/// <summary>A key pair of a test issuer. It signs whatever it is given.</summary>
internal sealed class TestKey : IDisposable
{
    private readonly AsymmetricAlgorithm _key;

    private TestKey(string id, string algorithm, AsymmetricAlgorithm key)
    {
        Id = id;
        Algorithm = algorithm;
        _key = key;
    }

    public string Id { get; }

    public string Algorithm { get; }

    /// <summary>RSA keys are slow to make: one for all tests is enough where nobody minds.</summary>
    public static TestKey Rsa(string id, string algorithm = "RS256", int bits = 2048) => new(id, algorithm, RSA.Create(bits));

    public static TestKey Ec(string id, string algorithm = "ES256") => new(id, algorithm, ECDsa.Create(algorithm switch
    {
        "ES384" => ECCurve.NamedCurves.nistP384,
        "ES512" => ECCurve.NamedCurves.nistP521,
        _ => ECCurve.NamedCurves.nistP256,
    }));

    public JsonObject Jwk()
    {
        if (_key is RSA rsa)
        {
            var numbers = rsa.ExportParameters(false);
            return new JsonObject { ["kty"] = "RSA", ["kid"] = Id, ["n"] = Text(numbers.Modulus!), ["e"] = Text(numbers.Exponent!) };
        }

        var point = ((ECDsa)_key).ExportParameters(false).Q;
        var curve = point.X!.Length switch
        {
            48 => "P-384",
            66 => "P-521",
            _ => "P-256",
        };
        return new JsonObject { ["kty"] = "EC", ["kid"] = Id, ["crv"] = curve, ["x"] = Text(point.X), ["y"] = Text(point.Y!) };
    }

    /// <summary>With the private number, for a peer that signs with it.</summary>
    public JsonObject PrivateJwk()
    {
        var jwk = Jwk();
        jwk["d"] = Text(((ECDsa)_key).ExportParameters(true).D!);
        return jwk;
    }

    public JsonObject Header(string type = "at+jwt") => new() { ["typ"] = type, ["alg"] = Algorithm, ["kid"] = Id };

    public string Sign(JsonObject header, JsonObject claims) => Sign(header.ToJsonString(), claims.ToJsonString());

    public string Sign(string header, string claims) => Sign(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(claims));

    public string Sign(byte[] header, byte[] claims)
    {
        var text = $"{Text(header)}.{Text(claims)}";
        var bytes = Encoding.ASCII.GetBytes(text);
        var hash = new HashAlgorithmName("SHA" + Algorithm[2..]);
        var signature = _key is RSA rsa
            ? rsa.SignData(bytes, hash, Algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1)
            : ((ECDsa)_key).SignData(bytes, hash);
        return $"{text}.{Text(signature)}";
    }

    /// <summary>The public key as those print it who confuse it with a secret.</summary>
    public string PublicPem() => _key.ExportSubjectPublicKeyInfoPem();

    public static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    public void Dispose() => _key.Dispose();
}
