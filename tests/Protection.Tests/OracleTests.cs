using CsCheck;
using Proofgate.Protection.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Protection.Tests;

/// <summary>The automaton against <c>System.Text.RegularExpressions</c>, rule by rule and all together.</summary>
public sealed class OracleTests(ITestOutputHelper output)
{
    /// <summary>Longest text: the oracle's cost grows with its square.</summary>
    private const int MaxLength = 240;

    public static TheoryData<string> Ids => [.. ShippedRules.File.Rules.Select(rule => rule.Id)];

    /// <summary>Pieces that random parts of the examples would seldom form.</summary>
    private static readonly Dictionary<string, string[]> Pieces = new()
    {
        ["email"] = ["a@b.co", ".com", "@x", "a.b@c-d.ef", "@@", "aZ0'-.", new string('a', 40)],
        ["payment-card"] = ["5555", " 4444", "\u00A0", "4", " 1", "11 ", "444 "],
        ["iban"] = ["DE89 3704 0044 ", "0532 0130 00", "NO9386011117947"],
        ["private-key"] = ["-----BEGIN ", "PRIVATE KEY", " BLOCK", "-----", "-----END ", "RSA ", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"],
        ["ipv4"] = ["255.", "1.2.3.4", "10.0.", "256", "249."],
        ["phone-e164"] = ["+1", "+46 (0)8 ", " ext. ", "x12"],
        ["ipv6"] = ["::", ":", "ab:", "1:2:3:4:5:6:7:8"],
        ["secret"] = ["password", "=", ": ", "aB3.", "secret_", "token=>"],
        ["connection-string"] = [";", ";password=", "=", "abcd"],
        ["jwt"] = ["eyJ", ".", "eyJhbGci", "-"],
    };

    [Theory]
    [MemberData(nameof(Ids))]
    [Trait("Category", "Heavy")]
    public void Rule_AgreesWithRegularExpressions_OnRandomTexts(string id)
    {
        var rule = ShippedRules.Get(id);
        var oracle = new Oracle([rule]);
        var plan = new RedactionPlan(ShippedRules.Only(rule));
        var (hits, rounds) = (0, Counts.Of(10_000, output));
        string[] positive = [.. rule.Positive.Select(text => Example.Parse(text).Text)];
        string[] examples = [.. positive, .. rule.Negative];
        var alphabet = string.Concat(examples).Distinct().Take(40).Select(c => c.ToString()).ToArray();
        var cut =
            from example in Gen.OneOf(examples)
            from start in Gen.Int[0, example.Length]
            from end in Gen.Int[start, example.Length]
            select example[start..end];
        var part = Gen.Frequency(
            (4, Gen.OneOf(alphabet)),
            (3, Gen.OneOf([.. examples])),
            // Most rules ask for an end of a word on both sides.
            (3, Gen.OneOf(positive).Select(static text => $" {text} ")),
            (3, cut),
            (3, Gen.OneOf(Pieces.GetValueOrDefault(id, [" "]))),
            (3, Gen.OneOf("\u200B", "\uDB40\uDC41", "!", "\n", " ")));
        part.Array[0, 10].Select(string.Concat).Select(text => text[..Math.Min(text.Length, Math.Max(MaxLength, examples.Max(e => e.Length) + 20))]).Sample(
            text =>
            {
                var expected = oracle.Redact(text);
                if (expected != text)
                    Interlocked.Increment(ref hits);
                Assert.Equal(expected, Redactor.RedactWhole(plan, text, TextEnd.Finished));
            },
            iter: rounds);
        output.WriteLine($"{id}: {hits} of {rounds} texts had a match.");
        Assert.True(hits > rounds / 100, $"Only {hits} of {rounds} texts had a match: the examples test nothing.");
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
