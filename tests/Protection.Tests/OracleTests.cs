using CsCheck;
using Proofgate.Protection.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Protection.Tests;

/// <summary>The automaton against <c>System.Text.RegularExpressions</c>, rule by rule and all together.</summary>
public sealed class OracleTests(ITestOutputHelper output)
{
    private static readonly string[] PrivateKeyPieces =
    [
        "-----BEGIN ", "PRIVATE KEY", " BLOCK", "-----", "-----END ", "RSA ", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----",
    ];

    /// <summary>For each rule an alphabet that comes near its pattern, and pieces that random characters would never form.</summary>
    public static TheoryData<string, string, string[]> Alphabets => new()
    {
        { "email", "aZ0.-'_%@@@é ", ["a@b.co", ".com", "@x", "a.b@c-d.ef"] },
        { "payment-card", "0123456789 -", ["4111111111111111", "4222222222222", "5555", " 4444", "\u00A0"] },
        { "iban", "GBDE0123456789 ax-", ["GB29NWBK60161331926819", "DE89 3704 0044 ", "0532 0130 00", "NO9386011117947"] },
        { "proofgate-key", "pgk_livetsA0", ["pgk_live_", "pgk_test_a1B2c3D4", "pgk_live_a1B2c3D4_", "_"] },
        { "anthropic-key", "sk-ant0_ ", ["sk-ant-", "sk-ant-0123456789abcde"] },
        { "openai-key", "sk-projN_ ", ["sk-proj-", "sk-None-", "sk-admin-0123456789abcde"] },
        { "openai-legacy-key", "sk-aZ09 ", ["sk-", "sk-0123456789abcdefghi"] },
        { "aws-access-key", "AKI09a ", ["AKIA", "IOSFODNN7EXAMPL", "AKIAIOSFODNN7EXAMPLE"] },
        { "github-token", "ghpousr_0A ", ["ghp_", "ghs_0123456789abcde", "gho_"] },
        { "github-fine-grained-token", "github_pat0 ", ["github_pat_", "0123456789abcde"] },
        { "private-key", "-BEGINPRVATKYD \n", PrivateKeyPieces },
        { "us-ssn", "0123456789- ", ["054-28-6917", "666-", "12-3456", "000"] },
        { "ipv4", "0125. a", ["255.", "1.2.3.4", "10.0.", "256", "249."] },
        { "phone-e164", "+0123456789 ()-.x", ["+1", "+46 (0)8 ", " ext. ", "+447700900123", "x12"] },
    };

    [Fact]
    public void Alphabets_CoverEveryRule()
    {
        Assert.Equal(ShippedRules.File.Rules.Select(rule => rule.Id), Alphabets.Select(row => (string)row[0]));
    }

    [Theory]
    [MemberData(nameof(Alphabets))]
    [Trait("Category", "Heavy")]
    public void Rule_AgreesWithRegularExpressions_OnRandomTexts(string id, string alphabet, string[] pieces)
    {
        var rule = ShippedRules.Get(id);
        var oracle = new Oracle([rule]);
        var plan = new RedactionPlan(ShippedRules.Only(rule));
        var (hits, rounds) = (0, Counts.Of(40_000, output));
        var part = Gen.Frequency(
            (5, Gen.OneOf(alphabet.ToCharArray()).Select(c => c.ToString())),
            (3, Gen.OneOf(pieces)),
            (1, Gen.OneOf("\u200B", "\uDB40\uDC41", "!", "\n")));
        part.Array[0, 14].Select(string.Concat).Sample(
            text =>
            {
                var expected = oracle.Redact(text);
                if (expected != text)
                    Interlocked.Increment(ref hits);
                return Redactor.RedactWhole(plan, text, TextEnd.Finished) == expected;
            },
            iter: rounds);
        output.WriteLine($"{id}: {hits} of {rounds} texts had a match.");
        Assert.True(hits > rounds / 50, $"Only {hits} of {rounds} texts had a match: the alphabet tests nothing.");
    }

    [Fact]
    [Trait("Category", "Heavy")]
    public void AllRulesTogether_AgreeWithRegularExpressions_OnMixedTexts()
    {
        var oracle = new Oracle(ShippedRules.File.Rules);
        Texts.Joined(5).Where(text => text.Length <= 120).Sample(
            text => Redactor.RedactWhole(ShippedRules.MaskAll, text, TextEnd.Finished) == oracle.Redact(text),
            iter: Counts.Of(20_000, output));
    }
}
