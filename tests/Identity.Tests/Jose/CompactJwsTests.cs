using System.Text;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Identity.Jose;
using Proofgate.Identity.Tests.Support;

namespace Proofgate.Identity.Tests.Jose;

[Trait("Rule", "D2")]
public sealed class CompactJwsTests
{
    [Fact]
    public void Jws_IsTakenApart()
    {
        Assert.True(CompactJws.TryRead($"{Text("{\"alg\":\"x\"}")}.{Text("{\"a\":1}")}.{Text("sig")}", 4096, out var jws));
        using (jws)
        {
            Assert.Equal("x", StrictJson.Text(jws.Header, "alg"u8));
            Assert.Equal("{\"a\":1}", Encoding.UTF8.GetString(jws.Payload.Span));
            Assert.Equal("sig", Encoding.UTF8.GetString(jws.Signature.Span));
            Assert.Equal($"{Text("{\"alg\":\"x\"}")}.{Text("{\"a\":1}")}", Encoding.ASCII.GetString(jws.Signed.Span));
            Assert.True(jws.TryReadClaims(out var claims));
            claims.Dispose();
        }
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData(" {\n\"a\" : [ {} ] }\t", true)]
    [InlineData("{\"a\":1,\"A\":1}", true)]
    [InlineData("", false)]
    [InlineData("[]", false)]
    [InlineData("\"a\"", false)]
    [InlineData("null", false)]
    [InlineData("{}{}", false)]
    [InlineData("{} x", false)]
    [InlineData("{\"a\":1,}", false)]
    [InlineData("{/**/}", false)]
    [InlineData("{\"a\":1,\"a\":1}", false)]
    [InlineData("{\"a\":1,\"\\u0061\":1}", false)]
    [InlineData("{\"a\":[{\"b\":{\"c\":1,\"c\":2}}]}", false)]
    [InlineData("{\"a\":01}", false)]
    [InlineData("{\"a\":NaN}", false)]
    [InlineData("{'a':1}", false)]
    [InlineData("\uFEFF{}", false)]
    [InlineData("{\"crit\":[\"exp\"]}", false)]
    [InlineData("{\"b64\":false}", false)]
    [InlineData("{\"\\u0063rit\":[]}", false)]
    public void Header_IsOneStrictObject(string json, bool taken) => Assert.Equal(taken, Reads($"{Text(json)}.e30.AAAA"));

    [Theory]
    [InlineData(15, true)]
    [InlineData(16, false)]
    [InlineData(1000, false)]
    public void Depth_IsBounded(int arrays, bool taken) =>
        Assert.Equal(taken, Reads($"{Text($"{{\"a\":{new string('[', arrays)}{new string(']', arrays)}}}")}.e30.AAAA"));

    [Fact]
    public void Text_MustBeUtf8()
    {
        byte[] json = [.. "{\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        Assert.False(Reads($"{ProofSmith.Text(json)}.e30.AAAA"));
        Assert.False(Reads($"{ProofSmith.Text([.. "{\"a\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8])}.e30.AAAA"));
    }

    [Theory]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"\\ud800\":1,\"\\ud800\":1}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    public void HalfASurrogatePair_IsNoException(string json)
    {
        if (CompactJws.TryRead($"{Text(json)}.e30.AAAA", 4096, out var jws))
        {
            Assert.Null(StrictJson.Text(jws.Header, "a"u8));
            jws.Dispose();
        }
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("AA", true)]
    [InlineData("AB", false)]
    [InlineData("AAA", true)]
    [InlineData("AAB", false)]
    [InlineData("_-8", true)]
    [InlineData("AAAA", true)]
    [InlineData("A", false)]
    [InlineData("AAAAA", false)]
    [InlineData("AA==", false)]
    [InlineData("AA%3D", false)]
    [InlineData("AA+A", false)]
    [InlineData("AA/A", false)]
    [InlineData("AA A", false)]
    [InlineData("AAAA\n", false)]
    [InlineData("ＡＡＡＡ", false)]
    public void Base64Url_IsCanonical(string text, bool taken) => Assert.Equal(taken, Base64UrlText.Decode(text) is not null);

    [Fact]
    public void Base64Url_HasOneText_ForEachValue() => Gen.Byte.Array[0, 70].Sample(static bytes =>
        Base64UrlText.Decode(ProofSmith.Text(bytes)) is { } back && back.SequenceEqual(bytes));

    [Fact]
    public void Base64Url_ThatIsTaken_IsWhatEncodingGives() =>
        Gen.Char["ABCDwxyz0189-_=+/ "].Array[0, 12].Select(static c => new string(c)).Sample(
            static text => Base64UrlText.Decode(text) is not { } bytes || ProofSmith.Text(bytes) == text, iter: 20_000);

    [Fact]
    public void AnyText_IsJudged_WithoutException()
    {
        var part = Gen.OneOf(Gen.String, Gen.String.Select(static s => Text(s)), Gen.OneOf("e30", "W10", "bnVsbA", "eyJhIjoxfQ", ""));
        Gen.Select(part, part, part, Gen.OneOf(".", "..", ",", "")).Sample(
            static (one, two, three, point) =>
            {
                if (CompactJws.TryRead($"{one}.{two}{point}{three}", 4096, out var jws))
                {
                    if (jws.TryReadClaims(out var claims))
                    {
                        claims.Dispose();
                    }

                    jws.Dispose();
                }
            },
            iter: 20_000);
    }

    [Fact]
    public void AnyBytes_AreNoException_AsJson() => Gen.Byte.Array[0, 40].Sample(
        static bytes =>
        {
            if (StrictJson.TryParseObject(bytes, out var document))
            {
                document.Dispose();
            }
        },
        iter: 20_000);

    [Fact]
    [Trait("Rule", "D6")]
    public async Task Proof_IsRefused_WhenAnyCharacterOfItIsAnother()
    {
        await using var room = new Room(settings: [("Proofgate:PublicOrigins:0", Room.Origin), ("Proofgate:Identity:LookupsPerMinute", "1000000")]);
        using var smith = ProofSmith.Create();
        var time = (FakeTimeProvider)room.Time;
        var proof = smith.Make(time);
        var registration = room.Get<KeyRegistration>();
        Gen.Select(Gen.Int[0, proof.Length - 1], Gen.Char["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=, "], Gen.Int[0, 2]).Sample(
            (at, c, how) =>
            {
                var mutant = how switch
                {
                    0 => proof[..at] + c + proof[(at + 1)..],
                    1 => proof[..at] + c + proof[at..],
                    _ => proof.Remove(at, 1),
                };
                return mutant == proof
                    || registration.ProveAsync(mutant, "POST", "/v1/chat/completions", null, CancellationToken.None).AsTask().Result is KeyRegistrationResult.Refused;
            },
            iter: 3_000);
        Assert.IsType<KeyRegistrationResult.Proved>(await registration.ProveAsync(proof, "POST", "/v1/chat/completions", null, CancellationToken.None));
    }

    private static bool Reads(string text)
    {
        if (!CompactJws.TryRead(text, 4096, out var jws))
        {
            return false;
        }

        jws.Dispose();
        return true;
    }

    private static string Text(string text) => ProofSmith.Text(Encoding.UTF8.GetBytes(text));
}
