using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Proofgate.Identity.Tests.Support;
using static Proofgate.Identity.AuthenticationResult;

namespace Proofgate.Identity.Tests.Proofs;

/// <summary>Proofs as a caller sends them, with an API key that is bound to their key pair.</summary>
public sealed class ProofVerifierTests
{
    [Theory]
    [Trait("Rule", "D5")]
    [Trait("Rule", "K4")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    [InlineData("PS256")]
    public async Task Proof_Holds_ForEachAlgorithm(string algorithm)
    {
        await using var bound = await Bound.CreateAsync(algorithm);
        var caller = (await bound.AcceptedAsync(bound.Proof())).Caller;
        Assert.True(caller.Bound);
        Assert.Equal(bound.Smith.Thumbprint, caller.Thumbprint);
        Assert.Equal(Assert.Single(bound.Room.Replays.Uses).Thumbprint, caller.Thumbprint);
    }

    [Fact]
    [Trait("Rule", "D1")]
    public async Task Proof_IsRefused_WhenThereAreTwo()
    {
        await using var bound = await Bound.CreateAsync();
        var (one, other) = (bound.Proof(), bound.Proof());
        Assert.Equal("several_proofs", (await bound.RefusedAsync(one, other)).Reason);
        Assert.Equal("several_proofs", (await bound.RefusedAsync(one, one)).Reason);
        Assert.Equal("several_proofs", (await bound.RefusedAsync($"{one},{other}")).Reason);
        Assert.Equal("several_proofs", (await bound.RefusedAsync($"{one}, {other}")).Reason);
        Assert.Equal("several_proofs", (await bound.RefusedAsync(one + ",")).Reason);
        await bound.AcceptedAsync(one);
    }

    [Fact]
    [Trait("Rule", "D2")]
    public async Task Proof_IsRefused_WhenItIsLongerThan4KiB()
    {
        await using var bound = await Bound.CreateAsync();
        await bound.AcceptedAsync(OfLength(4096));
        await bound.AssertRefusedAsync("proof_too_long", OfLength(4097));

        string OfLength(int length)
        {
            for (var padding = 2000; ; padding++)
            {
                var proof = bound.Proof((_, claims) => claims["x"] = new string('x', padding));
                if (proof.Length == length)
                {
                    return proof;
                }

                // Base64url has no texts of length 4n + 1: the header takes up one more.
                if (proof.Length > length)
                {
                    return bound.Smith.Make(bound.Room.Time, bound.Credential, (header, claims) =>
                    {
                        header["kid"] = "x";
                        claims["x"] = new string('x', padding - (proof.Length - length) - 10);
                        while (Length(header, claims) < length)
                        {
                            claims["x"] = (string)claims["x"]! + "x";
                        }

                        Assert.Equal(length, Length(header, claims));
                    });
                }
            }

            int Length(JsonObject header, JsonObject claims) => bound.Smith.Sign(header.ToJsonString(), claims.ToJsonString()).Length;
        }
    }

    [Theory]
    [Trait("Rule", "D2")]
    [InlineData("a")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.")]
    [InlineData(".e30.AAAA")]
    [InlineData("e30.e30.AAAA.AAAA")]
    [InlineData("e30=.e30=.AAAA")]
    [InlineData("e30 .e30.AAAA")]
    [InlineData("W10.e30.AAAA")]
    [InlineData("{}.{}.AAAA")]
    public async Task Proof_IsRefused_WhenItIsNoCompactJws(string proof)
    {
        await using var bound = await Bound.CreateAsync();
        await bound.AssertRefusedAsync("malformed_proof", proof);
        Assert.Equal(0, bound.Room.Replays.Asked);
    }

    [Fact]
    [Trait("Rule", "D2")]
    public async Task Proof_IsRefused_WhenAMemberIsNamedTwice()
    {
        await using var bound = await Bound.CreateAsync();
        var (header, claims) = (bound.Smith.Header().ToJsonString(), ProofSmith.Claims(bound.Room.Time, bound.Credential).ToJsonString());
        await bound.AcceptedAsync(bound.Smith.Sign(header, claims));
        await bound.AssertRefusedAsync("malformed_proof", bound.Smith.Sign(header, claims[..^1] + ",\"htm\":\"POST\"}"));
        await bound.AssertRefusedAsync("malformed_proof", bound.Smith.Sign(header, claims[..^1] + ",\"ht\\u006d\":\"POST\"}"));
        await bound.AssertRefusedAsync("malformed_proof", bound.Smith.Sign(header, claims[..^1] + ",\"x\":{\"a\":[{\"b\":1,\"b\":1}]}}"));
        await bound.AssertRefusedAsync("malformed_proof", bound.Smith.Sign(header[..^1] + ",\"alg\":\"ES256\"}", claims));
        await bound.AssertRefusedAsync("malformed_proof", bound.Smith.Sign(header.Replace("\"crv\":\"P-256\"", "\"crv\":\"P-256\",\"crv\":\"P-256\"", StringComparison.Ordinal), claims));
    }

    [Theory]
    [Trait("Rule", "D2")]
    [InlineData("crit")]
    [InlineData("b64")]
    public async Task Proof_IsRefused_WhenItUsesAnExtension(string name)
    {
        await using var bound = await Bound.CreateAsync();
        await bound.AssertRefusedAsync("malformed_proof", bound.Proof((header, _) => header[name] = name == "crit" ? new JsonArray("exp") : true));
    }

    [Theory]
    [Trait("Rule", "D3")]
    [InlineData("jti", null)]
    [InlineData("jti", "\"\"")]
    [InlineData("jti", "7")]
    [InlineData("jti", "\"a\\u0000b\"")]
    [InlineData("jti", "\"a\\u00e4\"")]
    [InlineData("jti", "\"\\ud800\"")]
    [InlineData("htm", null)]
    [InlineData("htm", "[\"POST\"]")]
    [InlineData("htu", null)]
    [InlineData("htu", "{}")]
    [InlineData("iat", null)]
    [InlineData("iat", "\"1893553445\"")]
    [InlineData("iat", "-1")]
    [InlineData("iat", "1e300")]
    [InlineData("iat", "null")]
    [InlineData("ath", "1")]
    [InlineData("ath", "null")]
    [InlineData("nonce", "1")]
    public async Task Proof_IsRefused_WhenAMemberIsMissingOrOfAnotherType(string name, string? json)
    {
        await using var bound = await Bound.CreateAsync();
        var claims = ProofSmith.Claims(bound.Room.Time, bound.Credential);
        claims.Remove(name);
        var text = claims.ToJsonString();
        text = json is null ? text : $"{text[..^1]},\"{name}\":{json}}}";
        await bound.AssertRefusedAsync("proof_incomplete", bound.Smith.Sign(bound.Smith.Header().ToJsonString(), text));
    }

    [Theory]
    [Trait("Rule", "D3")]
    [InlineData(1, true)]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public async Task Proof_NeedsAnId_OfBoundedLength(int length, bool holds)
    {
        await using var bound = await Bound.CreateAsync();
        var proof = bound.Proof((_, claims) => claims["jti"] = new string('~', length));
        Assert.Equal(holds, await bound.SendAsync(proof) is Authenticated);
    }

    [Theory]
    [Trait("Rule", "D4")]
    [Trait("Rule", "B11")]
    [InlineData(null)]
    [InlineData("JWT")]
    [InlineData("at+jwt")]
    [InlineData("DPoP+JWT")]
    [InlineData("application/dpop+jwt")]
    public async Task Proof_IsRefused_WithAnotherType(string? type)
    {
        await using var bound = await Bound.CreateAsync();
        await bound.AssertRefusedAsync("proof_type", bound.Proof((header, _) => header["typ"] = type));
        await bound.AssertRefusedAsync("proof_type", bound.Proof(static (header, _) => header.Remove("typ")));
    }

    [Theory]
    [Trait("Rule", "D5")]
    [Trait("Rule", "B2")]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("HS256")]
    [InlineData("RS256")]
    [InlineData("PS384")]
    [InlineData("EdDSA")]
    [InlineData("es256")]
    [InlineData("ES256K")]
    [InlineData("")]
    public async Task Proof_IsRefused_WithAnAlgorithmThatIsNotOnTheList(string algorithm)
    {
        await using var bound = await Bound.CreateAsync();
        await bound.AssertRefusedAsync("proof_algorithm", bound.Proof((header, _) => header["alg"] = algorithm));
        await bound.AssertRefusedAsync("proof_algorithm", bound.Proof(static (header, _) => header.Remove("alg")));
    }

    [Fact]
    [Trait("Rule", "D5")]
    public async Task Proof_IsRefused_WhenItsPublicKeyIsUsedAsASecret()
    {
        await using var bound = await Bound.CreateAsync("PS256");
        var header = bound.Smith.Header();
        header["alg"] = "HS256";
        var signed = $"{ProofSmith.Text(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{ProofSmith.Text(Encoding.UTF8.GetBytes(ProofSmith.Claims(bound.Room.Time, bound.Credential).ToJsonString()))}";
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(bound.Smith.Jwk.ToJsonString()), Encoding.ASCII.GetBytes(signed));
        await bound.AssertRefusedAsync("proof_algorithm", $"{signed}.{ProofSmith.Text(mac)}");
    }

    [Theory]
    [Trait("Rule", "D5")]
    [InlineData("ES256", "ES384")]
    [InlineData("ES256", "PS256")]
    [InlineData("ES384", "ES256")]
    [InlineData("PS256", "ES256")]
    public async Task Proof_IsRefused_WhenItsAlgorithmIsNotThatOfItsKey(string key, string claimed)
    {
        await using var bound = await Bound.CreateAsync(key);
        await bound.AssertRefusedAsync("proof_key_mismatch", bound.Proof((header, _) => header["alg"] = claimed));
    }

    [Fact]
    [Trait("Rule", "D6")]
    public async Task Proof_IsRefused_WhenItsSignatureDoesNotHold()
    {
        await using var bound = await Bound.CreateAsync();
        using var thief = ProofSmith.Create();

        // The victim's public key in the header, the thief's signature below it.
        await bound.AssertRefusedAsync("proof_signature", thief.Make(bound.Room.Time, bound.Credential, (header, _) => header["jwk"] = bound.Smith.Jwk));
        var parts = bound.Proof().Split('.');
        var other = bound.Proof().Split('.');
        await bound.AssertRefusedAsync("proof_signature", $"{parts[0]}.{other[1]}.{parts[2]}");
        Assert.Equal(0, bound.Room.Replays.Asked);
    }

    [Fact]
    [Trait("Rule", "D6")]
    public async Task Proof_IsRefused_WhenItsSignatureIsInDer()
    {
        await using var bound = await Bound.CreateAsync();
        var header = Encoding.UTF8.GetBytes(bound.Smith.Header().ToJsonString());
        var claims = Encoding.UTF8.GetBytes(ProofSmith.Claims(bound.Room.Time, bound.Credential).ToJsonString());
        await bound.AssertRefusedAsync("proof_signature", bound.Smith.Sign(header, claims, DSASignatureFormat.Rfc3279DerSequence));
        await bound.AcceptedAsync(bound.Smith.Sign(header, claims));
    }

    [Theory]
    [Trait("Rule", "D6")]
    [InlineData("kid", "\"../../etc/passwd\"")]
    [InlineData("jku", "\"http://169.254.169.254/\"")]
    [InlineData("x5u", "\"https://attacker.example/key\"")]
    [InlineData("x5c", "[\"AAAA\"]")]
    [InlineData("x5t#S256", "\"AAAA\"")]
    public async Task Proof_Holds_WhateverItsHeaderPointsTo(string name, string json)
    {
        await using var bound = await Bound.CreateAsync();
        await bound.AcceptedAsync(bound.Proof((header, _) => header[name] = JsonNode.Parse(json)));
    }

    [Fact]
    [Trait("Rule", "D6")]
    public async Task Proof_IsRefused_WithoutAKeyOfItsOwn()
    {
        await using var bound = await Bound.CreateAsync();
        await bound.AssertRefusedAsync("proof_key_missing", bound.Proof(static (header, _) => header.Remove("jwk")));
        await bound.AssertRefusedAsync("proof_key_missing", bound.Proof((header, _) => header["jwk"] = bound.Smith.Jwk.ToJsonString()));
        await bound.AssertRefusedAsync("proof_key_missing", bound.Proof((header, _) => header["jwk"] = new JsonArray(bound.Smith.Jwk)));
    }

    [Theory]
    [Trait("Rule", "D7")]
    [InlineData("d")]
    [InlineData("p")]
    [InlineData("q")]
    [InlineData("dp")]
    [InlineData("dq")]
    [InlineData("qi")]
    [InlineData("oth")]
    [InlineData("k")]
    public async Task Proof_IsRefused_WithAPrivateMemberInItsKey(string name)
    {
        await using var bound = await Bound.CreateAsync();
        await bound.AssertRefusedAsync("proof_key_private", bound.Proof((header, _) => header["jwk"]![name] = "AQ"));
    }

    [Theory]
    [Trait("Rule", "D8")]
    [InlineData("GET")]
    [InlineData("post")]
    [InlineData("POST ")]
    [InlineData("POST\u0000")]
    public async Task Proof_IsRefused_ForAnotherMethod(string method)
    {
        await using var bound = await Bound.CreateAsync();
        await bound.AssertRefusedAsync("proof_method", bound.Proof((_, claims) => claims["htm"] = method));
    }

    [Theory]
    [Trait("Rule", "D9")]
    [InlineData("https://gateway.example.com/v1/chat/completions", null)]
    [InlineData("HTTPS://GATEWAY.Example.Com:443/v1/chat/completions", null)]
    [InlineData("https://gateway.example.com/v1/%63hat/x/../completions", null)]
    [InlineData("https://second.example.com:8443/v1/chat/completions", null)]
    [InlineData("http://gateway.example.com/v1/chat/completions", "proof_target")]
    [InlineData("https://gateway.example.com:8443/v1/chat/completions", "proof_target")]
    [InlineData("https://gateway.example.com.attacker.example/v1/chat/completions", "proof_target")]
    [InlineData("https://attacker.example/v1/chat/completions", "proof_target")]
    [InlineData("https://gateway.example.com@attacker.example/v1/chat/completions", "proof_target")]
    [InlineData("https://user@gateway.example.com/v1/chat/completions", "proof_target")]
    [InlineData("https://gateway.example.com/v1/Chat/completions", "proof_target")]
    [InlineData("https://gateway.example.com/v1/chat/completions/", "proof_target")]
    [InlineData("https://gateway.example.com/", "proof_target")]
    [InlineData("https://gateway.example.com", "proof_target")]
    [InlineData("/v1/chat/completions", "proof_target")]
    [InlineData("https://gateway.example.com/v1/chat%2Fcompletions", "proof_target")]
    [InlineData("https://gateway.example.com/v1\\chat\\completions", "proof_target")]
    [InlineData(" https://gateway.example.com/v1/chat/completions", "proof_target")]
    [InlineData("https://gateway.example.com/v1/chat/completions?", "proof_target_query")]
    [InlineData("https://gateway.example.com/v1/chat/completions?a=b", "proof_target_query")]
    [InlineData("https://gateway.example.com/v1/chat/completions#", "proof_target_query")]
    public async Task Proof_IsFor_TheAddressAsClientsSeeIt(string target, string? reason)
    {
        await using var bound = await Bound.CreateAsync("ES256", ("Proofgate:PublicOrigins:1", "https://second.example.com:8443"));
        var proof = bound.Proof((_, claims) => claims["htu"] = target);
        if (reason is null)
        {
            await bound.AcceptedAsync(proof);
        }
        else
        {
            await bound.AssertRefusedAsync(reason, proof);
        }
    }

    [Fact]
    [Trait("Rule", "D9")]
    [Trait("Rule", "O6")]
    public async Task Proof_IsNeverJudged_ByHostOrForwardedHeaders()
    {
        await using var bound = await Bound.CreateAsync();
        var proof = bound.Proof(static (_, claims) => claims["htu"] = "https://attacker.example/v1/chat/completions");
        var refused = Assert.IsType<Refused>(await bound.SendAsync(
            static request =>
            {
                request.Headers.Host = "attacker.example";
                request.Headers["X-Forwarded-Host"] = "attacker.example";
                request.Headers["Forwarded"] = "host=attacker.example;proto=https";
                request.Headers["X-Original-Host"] = "attacker.example";
                return request;
            },
            proof));
        Assert.Equal("proof_target", refused.Reason);
    }

    [Theory]
    [Trait("Rule", "D9")]
    [InlineData("/v1/datasets/a%2Fb")]
    [InlineData("/v1/datasets/a%2fb")]
    [InlineData("/v1/datasets/a%5Cb")]
    [InlineData("/v1/datasets/a%00b")]
    [InlineData("/v1/datasets/a%252Fb")]
    [InlineData("/v1/datasets/a%25252fb")]
    [InlineData("/v1/datasets/a%25%32%46b")]
    [InlineData("/v1/datasets/a%25%2532%2546b")]
    [InlineData("/v1/datasets/a%255cb")]
    [InlineData("/v1/datasets/a%2500b")]
    [InlineData("/v1/datasets/a%2")]
    [InlineData("/v1/datasets/a%zz")]
    [InlineData("/v1/datasets/a\\b")]
    [InlineData("v1/datasets/a")]
    [InlineData("*")]
    [InlineData("")]
    public async Task Request_IsRefusedWith400_WhenItsPathCouldMeanTwoThings(string path)
    {
        await using var bound = await Bound.CreateAsync();
        var proof = bound.Proof((_, claims) => claims["htu"] = Room.Origin + path);
        var refused = Assert.IsType<Refused>(await bound.SendAsync(request => request with { Path = path }, proof));
        Assert.Equal((400, "invalid_request", "ambiguous_path"), (refused.Status, refused.Code, refused.Reason));
    }

    [Theory]
    [Trait("Rule", "D9")]
    [InlineData("/v1/datasets/caf%C3%A9%20x", "/v1/datasets/caf%c3%a9%20x")]
    [InlineData("/v1/datasets/%7Ea", "/v1/datasets/~a")]
    [InlineData("/v1/x/%2e%2E/datasets/a", "/v1/datasets/a")]
    [InlineData("/v1/datasets/100%25", "/v1/datasets/100%25")]
    public async Task Proof_Holds_ForThePathInAnyOfItsSpellings(string sent, string proved)
    {
        await using var bound = await Bound.CreateAsync();
        var proof = bound.Proof((_, claims) => claims["htu"] = Room.Origin + proved);
        Assert.IsType<Authenticated>(await bound.SendAsync(request => request with { Path = sent }, proof));
    }

    [Theory]
    [Trait("Rule", "D11")]
    [InlineData(-60, null)]
    [InlineData(-61, "proof_expired")]
    [InlineData(10, null)]
    [InlineData(11, "proof_early")]
    [InlineData(-86400, "proof_expired")]
    [InlineData(86400, "proof_early")]
    public async Task Proof_IsOfNow_WithinTheWindow(int seconds, string? reason)
    {
        await using var bound = await Bound.CreateAsync();
        var proof = bound.Proof((_, claims) => claims["iat"] = bound.Room.Time.GetUtcNow().ToUnixTimeSeconds() + seconds);
        if (reason is null)
        {
            await bound.AcceptedAsync(proof);
        }
        else
        {
            await bound.AssertRefusedAsync(reason, proof);
        }
    }

    [Fact]
    [Trait("Rule", "D11")]
    public async Task Window_IsThatOfTheSettings()
    {
        await using var bound = await Bound.CreateAsync("ES256", ("Proofgate:Dpop:MaxAge", "00:05:00"), ("Proofgate:Dpop:MaxAhead", "00:00:00"));
        var now = bound.Room.Time.GetUtcNow().ToUnixTimeSeconds();
        await bound.AcceptedAsync(bound.Proof((_, claims) => claims["iat"] = now - 300));
        await bound.AcceptedAsync(bound.Proof((_, claims) => claims["iat"] = now + 0.0));
        await bound.AssertRefusedAsync("proof_early", bound.Proof((_, claims) => claims["iat"] = now + 1));
    }

    [Fact]
    [Trait("Rule", "D12")]
    public async Task Proof_IsRefused_WithAnotherCredential()
    {
        await using var bound = await Bound.CreateAsync();
        await bound.AssertRefusedAsync("proof_ath", bound.Proof(static (_, claims) => claims.Remove("ath")));
        await bound.AssertRefusedAsync("proof_ath", bound.Proof(static (_, claims) => claims["ath"] = ""));
        await bound.AssertRefusedAsync("proof_ath", bound.Proof((_, claims) => claims["ath"] = ProofSmith.HashOf(bound.Credential)[..42]));
        await bound.AssertRefusedAsync("proof_ath", bound.Proof((_, claims) => claims["ath"] = ProofSmith.HashOf(bound.Credential) + "="));
        await bound.AssertRefusedAsync("proof_ath", bound.Proof((_, claims) => claims["ath"] = ProofSmith.HashOf(Keys.Unknown())));

        // One owner, one key pair, two API keys: a proof is for one of them.
        var other = (await bound.Room.CreateAsync()).Key;
        await Bound.BindAsync(bound.Room, other, bound.Smith);
        await bound.AssertRefusedAsync("proof_ath", bound.Smith.Make(bound.Room.Time, other.Reveal()));
    }

    [Theory]
    [Trait("Rule", "D13")]
    [InlineData("ES256")]
    [InlineData("ES512")]
    [InlineData("PS256")]
    public async Task Proof_IsRefused_OfAnotherKeyPair(string algorithm)
    {
        await using var bound = await Bound.CreateAsync();
        using var thief = ProofSmith.Create(algorithm);
        var refused = await bound.RefusedAsync(thief.Make(bound.Room.Time, bound.Credential));
        Assert.Equal((401, "invalid_token", "proof_other_key", AuthenticationScheme.DPoP), (refused.Status, refused.Code, refused.Reason, refused.Scheme));
        Assert.Equal(0, bound.Room.Replays.Asked);
    }

    [Fact]
    public async Task SignatureChecks_AreLimited_AndAGenuineProofIsNoGuess()
    {
        await using var bound = await Bound.CreateAsync("ES256", ("Proofgate:Identity:LookupsPerMinute", "5"));
        using var thief = ProofSmith.Create();
        for (var i = 0; i < 20; i++)
        {
            await bound.AcceptedAsync(bound.Proof());
        }

        // The first look at the store for the key took one.
        var refusals = new List<string>();
        for (var i = 0; i < 10; i++)
        {
            refusals.Add((await bound.RefusedAsync(thief.Make(bound.Room.Time, bound.Credential, (header, _) => header["jwk"] = bound.Smith.Jwk))).Reason);
        }

        Assert.Equal(["proof_signature", "address_limit"], refusals.Distinct());
        Assert.InRange(refusals.Count(static r => r == "proof_signature"), 3, 5);
        Assert.Equal(429, (await bound.RefusedAsync(bound.Proof())).Status);
        bound.Room.Time.Advance(TimeSpan.FromMinutes(1));
        await bound.Room.ReadFeedAsync();
        await bound.AcceptedAsync(bound.Proof());
    }

    [Fact]
    public async Task Refusals_AreDistinct_AndPrintable()
    {
        await using var bound = await Bound.CreateAsync();
        var refusals = typeof(Identity.Credentials.Refusals).GetProperties(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)
            .Select(static p => p.GetValue(null)).OfType<Refused>().ToList();
        Assert.True(refusals.Count > 30);
        Assert.Equal(refusals.Count, refusals.Select(static r => r.Reason).Distinct().Count());
        Assert.All(refusals, static r => Assert.Matches("^[ !#-\\[\\]-~]+$", r.Description));
        Assert.All(refusals.Where(static r => r.Code == "invalid_dpop_proof"), static r => Assert.Equal((401, AuthenticationScheme.DPoP), (r.Status, r.Scheme)));
    }
}
