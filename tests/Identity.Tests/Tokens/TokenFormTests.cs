using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Proofgate.Identity.Tests.Support;
using Proofgate.Identity.Tokens;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Identity.Tests.Tokens;

/// <summary>What is refused by its form, its header or its signature.</summary>
public sealed class TokenFormTests(ITestOutputHelper output)
{
    [Theory]
    [Trait("Rule", "B6")]
    [InlineData("zip", "\"DEF\"")]
    [InlineData("enc", "\"A256GCM\"")]
    [InlineData("crit", "[\"exp\"]")]
    [InlineData("crit", "[]")]
    [InlineData("b64", "false")]
    [InlineData("b64", "true")]
    [InlineData("kid", "7")]
    [InlineData("kid", "\"\"")]
    [InlineData("kid", "null")]
    public async Task Token_IsRefused_WithAHeaderThatChangesItsReading(string name, string value)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        var header = issuer.Key.Header();
        header[name] = JsonNode.Parse(value);
        await room.RefusesAsync(issuer.Key.Sign(header, issuer.Claims(room)), "token_header");
        Assert.Equal(0, issuer.Discoveries);
    }

    [Fact]
    [Trait("Rule", "B7")]
    public async Task Token_IsRefused_UnlessItIsStrictUtf8_WithOneReading()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        var header = issuer.Key.Header().ToJsonString();
        var claims = issuer.Claims(room).ToJsonString();
        await room.AcceptsAsync(issuer.Key.Sign(header, claims));
        byte[] Broken(string text, params byte[] bytes) => [.. Encoding.UTF8.GetBytes(text[..^1] + ",\"x\":\""), .. bytes, .. "\"}"u8];
        foreach (var token in new[]
        {
            issuer.Key.Sign(Encoding.UTF8.GetBytes(header), Broken(claims, 0xFF)),
            issuer.Key.Sign(Encoding.UTF8.GetBytes(header), Broken(claims, 0xC0, 0x80)),
            issuer.Key.Sign(Encoding.UTF8.GetBytes(header), Broken(claims, 0xED, 0xA0, 0x80)),
            issuer.Key.Sign(Broken(header, 0xFF), Encoding.UTF8.GetBytes(claims)),
            issuer.Key.Sign(Encoding.UTF8.GetBytes(header), [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(claims)]),
            issuer.Key.Sign(Encoding.UTF8.GetBytes(header), Encoding.Unicode.GetBytes(claims)),
            issuer.Key.Sign(header, claims[..^1] + ",\"x\":\"\\ud800\"}"),
            issuer.Key.Sign(header, claims[..^1] + ",\"\\ud800\":1}"),
            issuer.Key.Sign(header, claims[..^1] + ",\"sub\":\"root\"}"),
            issuer.Key.Sign(header, claims[..^1] + ",\"\\u0073ub\":\"root\"}"),
            issuer.Key.Sign(header, claims[..^1] + ",\"act\":{\"sub\":\"a\",\"sub\":\"b\"}}"),
            issuer.Key.Sign(header, claims[..^1] + ",\"x\":[{\"a\":1,\"a\":2}]}"),
            issuer.Key.Sign(header[..^1] + ",\"alg\":\"none\"}", claims),
            issuer.Key.Sign(header, claims + " x"),
            issuer.Key.Sign(header, claims[..^1] + ",}"),
            issuer.Key.Sign(header, "/**/" + claims),
            issuer.Key.Sign(header, "[" + claims + "]"),
            issuer.Key.Sign(header, "\"text\""),
            issuer.Key.Sign("null", claims),
            issuer.Key.Sign(header, claims[..^1] + ",\"x\":" + new string('[', 30) + new string(']', 30) + "}"),
        })
        {
            await room.RefusesAsync(token, "token_form");
        }
    }

    [Fact]
    [Trait("Rule", "A8")]
    public async Task Token_IsRefused_InAnyOtherFormThanThreeCanonicalParts()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        var good = issuer.Token(room);
        var parts = good.Split('.');
        foreach (var token in new[] { $"{parts[0]}.{parts[1]}.", $".{parts[1]}.{parts[2]}", $"{parts[0]}..{parts[2]}", "..", good + "=", good.Replace('-', '+').Replace('_', '/') + "/" })
        {
            await room.RefusesAsync(token, "token_form");
        }

        await room.RefusesAsync(good + "." + parts[2] + "." + parts[2], "unrecognized_credential");
        await room.RefusesAsync(parts[0] + "." + parts[1], "unrecognized_credential");
    }

    [Fact]
    [Trait("Rule", "B2")]
    public async Task Token_IsRefused_WithoutASignature()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        foreach (var algorithm in new[] { "none", "None", "NONE", "", "HS256", "HS512", "RS1", "EdDSA", "es256", "dir" })
        {
            var header = issuer.Key.Header();
            header["alg"] = algorithm;
            await room.RefusesAsync(issuer.Key.Sign(header, issuer.Claims(room)), "token_algorithm");
        }

        foreach (var algorithm in new JsonNode?[] { null, 1, new JsonArray("ES256") })
        {
            var header = issuer.Key.Header();
            header["alg"] = algorithm;
            await room.RefusesAsync(issuer.Key.Sign(header, issuer.Claims(room)), "token_algorithm");
        }

        Assert.Equal(0, issuer.Discoveries);
    }

    [Fact]
    [Trait("Rule", "B1")]
    public async Task Token_IsRefused_ThatUsesThePublicKeyAsASecret()
    {
        await using var issuer = await TestIssuer.StartAsync();
        using var rsa = TestKey.Rsa("rsa-1");
        issuer.Published.Add(rsa.Jwk());
        await using var room = issuer.Room();
        var header = new JsonObject { ["typ"] = "at+jwt", ["alg"] = "HS256", ["kid"] = "rsa-1" };
        var signed = $"{TestKey.Text(Encoding.UTF8.GetBytes(header.ToJsonString()))}.{TestKey.Text(Encoding.UTF8.GetBytes(issuer.Claims(room).ToJsonString()))}";
        foreach (var secret in new[] { rsa.PublicPem(), rsa.PublicPem() + "\n", rsa.Jwk().ToJsonString(), (string)rsa.Jwk()["n"]! })
        {
            var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.ASCII.GetBytes(signed));
            await room.RefusesAsync($"{signed}.{TestKey.Text(mac)}", "token_algorithm");
        }
    }

    [Fact]
    [Trait("Rule", "B1")]
    public async Task Token_IsRefused_WithAnAlgorithmThatIsNotPinned_OrNotItsKeysOwn()
    {
        await using var issuer = await TestIssuer.StartAsync();
        using var rsa = TestKey.Rsa("rsa-1");
        using var strong = TestKey.Ec("ec-384", "ES384");
        var narrow = rsa.Jwk();
        narrow["kid"] = "narrow";
        narrow["alg"] = "PS256";
        issuer.Published.AddRange([rsa.Jwk(), strong.Jwk(), narrow]);
        await using var room = issuer.Room();
        await room.AcceptsAsync(rsa.Sign(rsa.Header(), issuer.Claims(room)));

        // Good, but not pinned.
        await room.RefusesAsync(strong.Sign(strong.Header(), issuer.Claims(room)), "token_algorithm");

        // Pinned, but for a key of another kind, another curve or another use.
        foreach (var (id, algorithm) in new[] { ("key-1", "RS256"), ("rsa-1", "ES256"), ("ec-384", "ES256"), ("narrow", "RS256") })
        {
            var header = rsa.Header();
            header["kid"] = id;
            header["alg"] = algorithm;
            await room.RefusesAsync(rsa.Sign(header, issuer.Claims(room)), "token_key");
        }
    }

    [Theory]
    [Trait("Rule", "A5")]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("PS384")]
    [InlineData("PS512")]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public async Task Token_IsAccepted_WithEachAlgorithmThatMayBePinned(string algorithm)
    {
        await using var issuer = await TestIssuer.StartAsync();
        using var key = algorithm[0] == 'E' ? TestKey.Ec("k", algorithm) : TestKey.Rsa("k", algorithm);
        issuer.Published.Add(key.Jwk());
        await using var room = issuer.Room(("Algorithms:0", algorithm));
        var token = key.Sign(key.Header(), issuer.Claims(room));
        await room.RefusesAsync(token[..^8] + (token[^8] == 'A' ? 'B' : 'A') + token[^7..], "token_signature");
        await room.AcceptsAsync(token);
    }

    [Fact]
    [Trait("Rule", "A5")]
    public async Task Token_IsRefused_SignedByAnotherKey_UnderTheSameId()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        using var other = TestKey.Ec("key-1");
        await room.RefusesAsync(other.Sign(other.Header(), issuer.Claims(room)), "token_signature");
    }

    [Fact]
    [Trait("Rule", "B10")]
    public async Task Token_CannotBringOrNameItsOwnKey()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var trap = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        var header = trap.Key.Header();
        header["jku"] = trap.Address + "/jwks";
        header["x5u"] = trap.Address + "/cert";
        header["jwk"] = trap.Key.Jwk();
        header["x5c"] = new JsonArray("MIIB");
        header["x5t"] = "key-1";
        await room.RefusesAsync(trap.Key.Sign(header, issuer.Claims(room)), "token_signature");
        foreach (var id in new[] { trap.Address + "/jwks", "../../../../dev/null", "key-1' OR '1'='1", "key-1\u0000", "KEY-1", "*" })
        {
            header["kid"] = id;
            await room.RefusesAsync(trap.Key.Sign(header, issuer.Claims(room)), "token_key");
        }

        header.Remove("kid");
        await room.RefusesAsync(trap.Key.Sign(header, issuer.Claims(room)), "token_signature");
        Assert.Equal(0, trap.Discoveries + trap.KeyReads + trap.Others);

        // A genuine token may carry them: they mean nothing.
        var own = issuer.Key.Header();
        own["jku"] = trap.Address + "/jwks";
        own["jwk"] = trap.Key.Jwk();
        await room.AcceptsAsync(issuer.Key.Sign(own, issuer.Claims(room)));
        Assert.Equal(0, trap.Discoveries + trap.KeyReads + trap.Others);
    }

    [Fact]
    [Trait("Rule", "B8")]
    public async Task Keys_BelongToTheirIssuer()
    {
        await using var one = await TestIssuer.StartAsync();
        await using var other = await TestIssuer.StartAsync();
        await using var room = new Room(settings: [.. one.Settings("one"), .. other.Settings("other")]);
        using var rogue = TestKey.Ec("rogue");
        other.Published.Add(rogue.Jwk());
        Assert.Equal("one:ada", (await room.AcceptsAsync(one.Token(room))).Subject);
        Assert.Equal("other:ada", (await room.AcceptsAsync(other.Token(room))).Subject);

        // Signed by one, in the name of the other; under the same key id and under its own.
        await room.RefusesAsync(other.Key.Sign(other.Key.Header(), one.Claims(room)), "token_signature");
        await room.RefusesAsync(rogue.Sign(rogue.Header(), one.Claims(room)), "token_key");
        await room.AcceptsAsync(rogue.Sign(rogue.Header(), other.Claims(room)));
    }

    [Fact]
    [Trait("Rule", "A8")]
    [Trait("Category", "Heavy")]
    public async Task Token_IsRefused_WithAnyCharacterChanged()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = new Room(settings: [.. issuer.Settings(), ("Proofgate:Identity:LookupsPerMinute", "1000000")]);
        var good = issuer.Token(room);
        await room.AcceptsAsync(good);
        const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~+/=";
        await Gen.Select(Gen.Int[0, good.Length - 1], Gen.Char[Characters]).Where(c => good[c.Item1] != c.Item2).SampleAsync(
            async change =>
            {
                var answer = await room.BearerAsync(string.Concat(good.AsSpan(0, change.Item1), [change.Item2], good.AsSpan(change.Item1 + 1)));
                return answer is AuthenticationResult.Refused { Status: 401, Code: "invalid_token" };
            },
            iter: Counts.Of(100_000, output), threads: 2);
    }

    [Fact]
    [Trait("Rule", "A8")]
    [Trait("Category", "Heavy")]
    public void Reader_NeverThrows_OnAnyInput()
    {
        var part = Gen.OneOf(Gen.String[Gen.Char["ABCZabcz0189-_=+/ .\u00e9"], 0, 40], Gen.Byte.Array[0, 60].Select(TestKey.Text),
            Gen.Int[0, 4].Select(static i => new[] { "e30", "eyJhIjoxfQ", "bnVsbA", "W10", "eyJhIjoiXHVkODAwIn0" }[i]));
        Gen.Select(part, part, part).Sample(
            p => _ = TokenReader.TryRead($"{p.Item1}.{p.Item2}.{p.Item3}", out var token) ? token!.Claims.GetRawText() : null,
            iter: Counts.Of(1_000_000, output));
    }
}
