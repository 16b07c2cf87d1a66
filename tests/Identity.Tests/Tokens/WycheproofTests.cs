using System.Text.Json;
using Proofgate.Identity.Tests.Vectors;
using Proofgate.Identity.Tokens;
using Xunit.Abstractions;

namespace Proofgate.Identity.Tests.Tokens;

/// <summary>Project Wycheproof's JWS vectors: our reading of the form and of keys, the library's signatures.</summary>
[Trait("Category", "Vectors")]
[Trait("Rule", "A5")]
public sealed class WycheproofTests(ITestOutputHelper output)
{
    /// <summary>Valid by the vectors, refused here on purpose: a made-up algorithm name in the key (ES521).</summary>
    private static readonly string[] Stricter = ["ES521"];

    [VectorFact]
    public void Signatures_AreAccepted_ExactlyWhereTheVectorsSaySo()
    {
        var wrong = new List<string>();
        int accepted = 0, refused = 0, secret = 0, stricter = 0;
        foreach (var group in VectorFolder.Groups("json_web_signature_test"))
        {
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                if (!group.TryGetProperty("public", out var jwk))
                {
                    // Symmetric: there is no such key here, so nothing can be accepted.
                    secret++;
                    Assert.False(Verifies(group.GetProperty("private"), test.GetProperty("jws").GetString()!));
                    continue;
                }

                var valid = test.GetProperty("result").GetString() == "valid";
                if (valid && Stricter.Contains(jwk.Text("alg")))
                {
                    stricter++;
                    Assert.False(Verifies(jwk, test.GetProperty("jws").GetString()!));
                    continue;
                }

                var verified = Verifies(jwk, test.GetProperty("jws").GetString()!);
                accepted += verified ? 1 : 0;
                refused += verified ? 0 : 1;
                if (verified != valid)
                {
                    wrong.Add($"{test.GetProperty("tcId")} {test.GetProperty("comment")}: {(verified ? "accepted" : "refused")}");
                }
            }
        }

        output.WriteLine($"{accepted} accepted, {refused} refused, {secret} with secret keys refused, {stricter} refused that the vectors accept (ES521).");
        Assert.Empty(wrong);
        Assert.True(accepted > 0 && refused > 100);
    }

    /// <summary>Key sets that are weak or damaged. One kind passes here: an RSA key of a broken generator (ROCA), which is its issuer's to replace.</summary>
    [VectorFact]
    [Trait("Rule", "B4")]
    public void Keys_AreUsed_ExactlyWhereTheVectorsSaySo()
    {
        var accepted = new List<string>();
        var ran = 0;
        foreach (var group in VectorFolder.Groups("json_web_key_test"))
        {
            var set = (group.TryGetProperty("public", out var keys) ? keys : group.GetProperty("private")).GetProperty("keys");
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                ran++;
                if (set.EnumerateArray().Any(jwk => Verifies(jwk, test.GetProperty("jws").GetString()!)))
                {
                    accepted.Add($"{test.GetProperty("tcId")} {test.GetProperty("comment").GetString()} {test.GetProperty("result").GetString()}");
                }
            }
        }

        output.WriteLine($"{ran} key sets; accepted: {string.Join(", ", accepted)}.");
        Assert.DoesNotContain(accepted, static a => a.EndsWith("invalid", StringComparison.Ordinal) && !a.Contains("Roca", StringComparison.Ordinal));
    }

    /// <summary>The steps of <see cref="TokenHandler"/> up to the signature; payloads here are no claims.</summary>
    private static bool Verifies(JsonElement jwk, string jws)
    {
        var parts = jws.Split('.');
        using var set = JsonDocument.Parse($"[{jwk.GetRawText()}]");
        return parts.Length == 3
            && TokenReader.TryDecode(parts[0], out var header)
            && (parts[1].Length == 0 || TokenReader.TryDecode(parts[1], out _))
            && TokenJson.TryParseObject(header, out var head)
            && TokenHeader.IsPlain(head)
            && SignatureAlgorithm.Find(head.Text("alg") ?? string.Empty) is { } algorithm
            && new KeySet(JwkReader.Read(set.RootElement)).Find(head.Text("kid"), algorithm) is { Count: > 0 } keys
            && TokenSignature.Verify(jws, algorithm, keys) is not null;
    }
}
