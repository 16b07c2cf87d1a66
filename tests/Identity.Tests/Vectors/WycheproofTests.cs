using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Proofgate.Identity.Jose;
using Proofgate.Identity.Proofs;
using Proofgate.Identity.Tests.Support;
using Xunit.Abstractions;

namespace Proofgate.Identity.Tests.Vectors;

/// <summary>Project Wycheproof's vectors through the reader and the keys of proofs.</summary>
[Trait("Category", "Vectors")]
public sealed class WycheproofTests(ITestOutputHelper output)
{
    /// <summary>A compact JWS has none but these and two points.</summary>
    private const string Compact = "^[A-Za-z0-9_.-]*$";

    [VectorFact]
    [Trait("Rule", "D2")]
    [Trait("Rule", "D6")]
    public void Signatures_AreJudgedAsPublished() => Run("json_web_signature_test", static group => group.TryGetProperty("public", out var key) ? [key] : []);

    [VectorFact]
    [Trait("Rule", "D5")]
    [Trait("Rule", "D7")]
    public void Keys_AreJudgedAsPublished() =>
        Run("json_web_key_test", static group => group.TryGetProperty("public", out var set) ? [.. set.GetProperty("keys").EnumerateArray()] : []);

    [VectorFact]
    [Trait("Rule", "D6")]
    [Trait("Rule", "D7")]
    public void EcdsaSignatures_InP1363_AreJudgedAsPublished()
    {
        var run = 0;
        foreach (var group in VectorFolder.Groups("ecdsa_secp256r1_sha256_p1363_test"))
        {
            var point = Convert.FromHexString(group.GetProperty("publicKey").GetProperty("uncompressed").GetString()!);
            var jwk = new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["x"] = ProofSmith.Text(point[1..33]), ["y"] = ProofSmith.Text(point[33..]) };
            Assert.Null(ProofKey.Read(JsonDocument.Parse(jwk.ToJsonString()).RootElement, ProofAlgorithm.Find("ES256")!, out var key));
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var holds = key!.Verify(Convert.FromHexString(test.GetProperty("msg").GetString()!), Convert.FromHexString(test.GetProperty("sig").GetString()!));
                Assert.True(holds == (test.GetProperty("result").GetString() == "valid"), Describe(test));
                run++;
            }
        }

        Report(run, 0);
    }

    private void Run(string file, Func<JsonElement, JsonElement[]> keysOf)
    {
        var (run, other) = (0, 0);
        foreach (var group in VectorFolder.Groups(file))
        {
            var keys = keysOf(group);
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                var text = test.GetProperty("jws").ToString();
                var valid = test.GetProperty("result").GetString() == "valid";
                var compact = Regex.IsMatch(text, Compact);
                using var jws = CompactJws.TryRead(text, 16 * 1024, out var read) ? read : null;
                var algorithm = jws is null ? null : StrictJson.Text(jws.Header, "alg"u8);
                var secret = SecretOf(group);
                var holds = jws is not null && (secret is not null ? HoldsAsMac(jws, secret) : keys.Any(k => Holds(jws, Corrected(k, valid))));
                if (valid && jws is not null && secret is null && ProofAlgorithm.Find(algorithm) is null)
                {
                    // By an algorithm that proofs may not use: refusing it is what we promise.
                    Assert.False(holds, Describe(test));
                    other++;
                    continue;
                }

                if (!valid && compact && test.GetProperty("comment").GetString()!.Contains("Base64Padding", StringComparison.OrdinalIgnoreCase))
                {
                    // The padding that it is about was lost when it was published: it is its valid twin, byte for byte.
                    continue;
                }

                // Some libraries take characters that base64url does not have; a reader of proofs does not.
                Assert.True(holds == (valid && compact), Describe(test));
                run++;
            }
        }

        Report(run, other);
    }

    private static bool Holds(CompactJws jws, JsonElement jwk) =>
        ProofAlgorithm.Find(StrictJson.Text(jws.Header, "alg"u8)) is { } algorithm
        && ProofKey.Read(jwk, algorithm, out var key) is null
        && key!.Verify(jws.Signed.Span, jws.Signature.Span);

    /// <summary>HS256 is no algorithm of ours: it serves to run the reader's vectors.</summary>
    private static byte[]? SecretOf(JsonElement group) =>
        group.GetProperty("private") is var key && key.TryGetProperty("k", out var k) && key.TryGetProperty("alg", out var alg) && alg.GetString() == "HS256"
            ? Base64UrlText.Decode(k.GetString())
            : null;

    private static bool HoldsAsMac(CompactJws jws, byte[] secret) =>
        StrictJson.Text(jws.Header, "alg"u8) == "HS256" && HMACSHA256.HashData(secret, jws.Signed.Span).AsSpan().SequenceEqual(jws.Signature.Span);

    /// <summary>The published key of RFC 7520's example says ES521, which is no algorithm; its signature is ES512's.</summary>
    private static JsonElement Corrected(JsonElement jwk, bool valid)
    {
        if (!valid || !jwk.TryGetProperty("alg", out var alg) || alg.GetString() != "ES521")
        {
            return jwk;
        }

        var corrected = JsonNode.Parse(jwk.GetRawText())!.AsObject();
        corrected.Remove("alg");
        return JsonDocument.Parse(corrected.ToJsonString()).RootElement;
    }

    private void Report(int run, int other)
    {
        Assert.True(run > 0);
        output.WriteLine($"{run} cases ran; {other} valid ones are by algorithms that proofs may not use, and were refused.");
    }

    private static string Describe(JsonElement test) => $"tcId {test.GetProperty("tcId")}: {test.GetProperty("comment")}";
}
