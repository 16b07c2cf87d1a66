using CsCheck;
using Proofgate.Identity.Proofs;

namespace Proofgate.Identity.Tests.Proofs;

[Trait("Rule", "D9")]
public sealed class ProofTargetTests
{
    private static readonly string[] Origins = ["https://a.example"];

    /// <summary>What paths are made of, with what is tricky about them more often than elsewhere.</summary>
    private static readonly Gen<string> Paths = Gen.OneOf(
        "/", "//", "a", "B", ".", "..", "/.", "/..", "/../", "%2e", "%2E", "%7e", "%41", "%61", "%20", "%c3%a9", "%25", "%2525", "%", "%2", "%zz", "~", ";", ":", "@", "!", " ", "é", "\\", "?", "#", "%2f", "%5c", "%00")
        .Array[0, 12].Select(static parts => "/" + string.Concat(parts));

    /// <summary>RFC 3986, 5.2.4 and 6.2.2, and what follows from them.</summary>
    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a", "/a")]
    [InlineData("/a/", "/a/")]
    [InlineData("//a//b", "//a//b")]
    [InlineData("/a/b/c/./../../g", "/a/g")]
    [InlineData("/mid/content=5/../6", "/mid/6")]
    [InlineData("/.", "/")]
    [InlineData("/..", "/")]
    [InlineData("/../../a", "/a")]
    [InlineData("/a/.", "/a/")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/...", "/...")]
    [InlineData("/.a/..b", "/.a/..b")]
    [InlineData("/%7Euser/%e2%82%ac", "/~user/%E2%82%AC")]
    [InlineData("/a%2Eb/%2e%2e/c", "/c")]
    [InlineData("/%2541", "/%2541")]
    [InlineData("/100%25", "/100%25")]
    [InlineData("/!$&'()*+,;=:@-._~", "/!$&'()*+,;=:@-._~")]
    [InlineData("", null)]
    [InlineData("a", null)]
    [InlineData("/%", null)]
    [InlineData("/%4", null)]
    [InlineData("/%4g", null)]
    [InlineData("/a b", null)]
    [InlineData("/a\\b", null)]
    [InlineData("/a\"b", null)]
    [InlineData("/é", null)]
    [InlineData("/a?b", null)]
    [InlineData("/a#b", null)]
    [InlineData("/a%2fb", null)]
    [InlineData("/a%252525252525252525252fb", null)]
    public void Path_HasOneNormalForm(string path, string? normal) => Assert.Equal(normal, ProofTarget.NormalPath(path));

    [Theory]
    [InlineData("https://a.example", "https://a.example")]
    [InlineData("HTTPS://A.Example:443", "https://a.example")]
    [InlineData("https://a.example:", "https://a.example")]
    [InlineData("http://localhost:80", "http://localhost")]
    [InlineData("http://localhost:443", "http://localhost:443")]
    [InlineData("https://[2001:DB8::1]:8443", "https://[2001:db8::1]:8443")]
    [InlineData("https://xn--bcher-kva.example", "https://xn--bcher-kva.example")]
    [InlineData("https://", null)]
    [InlineData("https://:443", null)]
    [InlineData("https://a.example:0443", null)]
    [InlineData("https://a.example:65536", null)]
    [InlineData("https://a.example:+80", null)]
    [InlineData("https://a.example/", null)]
    [InlineData("https://u@a.example", null)]
    [InlineData("https://a.example%2f", null)]
    [InlineData("https://[::1", null)]
    [InlineData("https://[]", null)]
    [InlineData("https://[::1]x", null)]
    [InlineData("https:///a", null)]
    [InlineData("https:/a.example", null)]
    [InlineData("ftp://a.example", null)]
    public void Origin_HasOneNormalForm(string origin, string? normal) => Assert.Equal(normal, ProofTarget.NormalOrigin(origin));

    [Fact]
    public void NormalForm_OfANormalForm_IsItself() => Paths.Sample(
        static path => ProofTarget.NormalPath(path) is not { } normal || ProofTarget.NormalPath(normal) == normal, iter: 20_000);

    [Fact]
    public void NormalForm_HasNoDotSegments_AndNothingThatCouldBeASeparator() => Paths.Sample(
        static path => ProofTarget.NormalPath(path) is not { } normal
            || (normal[0] == '/' && !normal.Split('/').Any(static s => s is "." or "..") && DecodedForEver(normal).Count(static c => c == '/') == normal.Count(static c => c == '/')
                && !DecodedForEver(normal).AsSpan().ContainsAny('\\', '\0')),
        iter: 20_000);

    [Fact]
    public void Target_Matches_ExactlyWhereTheNormalPathsAreEqual() => Gen.Select(Paths, Paths).Sample(
        static (one, other) =>
        {
            if (ProofTarget.NormalPath(one) is not { } path)
            {
                return true;
            }

            return ProofTarget.Matches("https://A.example:443" + one, Origins, path)
                && ProofTarget.Matches("https://a.example" + other, Origins, path) == (ProofTarget.NormalPath(other) == path)
                && !ProofTarget.Matches("https://b.example" + one, Origins, path);
        },
        iter: 20_000);

    [Fact]
    public void AnyText_IsJudged_WithoutException() => Gen.Select(Gen.String, Gen.OneOf("", "https://", "https://a.example", "http://[")).Sample(
        static (text, before) =>
        {
            ProofTarget.NormalPath(text);
            ProofTarget.NormalOrigin(before + text);
            ProofTarget.Matches(before + text, Origins, "/");
        },
        iter: 20_000);

    [Fact]
    public void LongPath_IsJudged_InBoundedTime()
    {
        var nested = "/%" + string.Concat(Enumerable.Repeat("25", 50_000)) + "2f";
        Assert.Null(ProofTarget.NormalPath(nested));
        Assert.Equal("/", ProofTarget.NormalPath(string.Concat(Enumerable.Repeat("/..", 30_000))));
        Assert.Equal(90_000, ProofTarget.NormalPath(string.Concat(Enumerable.Repeat("/aa", 30_000)))!.Length);
    }

    private static string DecodedForEver(string text)
    {
        while (true)
        {
            var decoded = Uri.UnescapeDataString(text);
            if (decoded == text)
            {
                return text;
            }

            text = decoded;
        }
    }
}
