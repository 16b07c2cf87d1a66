using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Proofgate.Client.Tests;

/// <summary>A proof as a server sees it, verified here with nothing of the client's own code.</summary>
internal sealed class Proof
{
    private Proof(JsonElement header, JsonElement claims)
    {
        Header = header;
        Claims = claims;
    }

    public JsonElement Header { get; }

    public JsonElement Claims { get; }

    public string? this[string claim] => Claims.TryGetProperty(claim, out var value) ? value.ToString() : null;

    public static Proof Verify(string text)
    {
        var parts = text.Split('.');
        Assert.Equal(3, parts.Length);
        var header = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0])).RootElement;
        Assert.Equal("dpop+jwt", header.GetProperty("typ").GetString());
        Assert.Equal("ES256", header.GetProperty("alg").GetString());
        var jwk = header.GetProperty("jwk");
        Assert.Equal(["crv", "kty", "x", "y"], jwk.EnumerateObject().Select(m => m.Name).Order(StringComparer.Ordinal));
        Assert.Equal(("EC", "P-256"), (jwk.GetProperty("kty").GetString(), jwk.GetProperty("crv").GetString()));

        using var key = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Member(jwk, "x"), Y = Member(jwk, "y") },
        });
        var signature = Base64Url.DecodeFromChars(parts[2]);
        Assert.Equal(64, signature.Length);
        Assert.True(key.VerifyData(
            Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        return new Proof(header, JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement);
    }

    /// <summary>RFC 7638 by its own words: required members only, in lexicographic order, no whitespace.</summary>
    public string Thumbprint()
    {
        var jwk = Header.GetProperty("jwk");
        var text = "{" + string.Join(',', new[] { "crv", "kty", "x", "y" }.Select(m => $"\"{m}\":\"{jwk.GetProperty(m).GetString()}\"")) + "}";
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    private static byte[] Member(JsonElement jwk, string name)
    {
        var bytes = Base64Url.DecodeFromChars(jwk.GetProperty(name).GetString());
        Assert.Equal(32, bytes.Length);
        return bytes;
    }
}
