using CsCheck;
using Proofgate.Protection.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Protection.Tests;

/// <summary>
/// Invariant 4 of DESIGN.md: redaction does not depend on how a stream is cut, and nothing of a later match is released early.
/// </summary>
public sealed class ChunkInvarianceTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("to a@b.co.")]
    [InlineData("x@y.zz@a.bc")]
    [InlineData("is 054-28-6917!")]
    [InlineData("at 86.121.97.24")]
    [InlineData("+447700900123")]
    [InlineData("a\u200B@b.c\uDB40\uDC41o \uD83D\uDE00")]
    [InlineData("4222222222222 1")]
    [InlineData("a b c-d e. f+g")]
    public void EverySplit_GivesTheWholeRedaction_ForAShortText(string text)
    {
        foreach (var end in Enum.GetValues<TextEnd>())
        {
            var expected = Redactor.RedactWhole(ShippedRules.MaskAll, text, end);
            var slot = new SlotRedactor(ShippedRules.MaskAll);
            for (var mask = 0; mask < 1 << (text.Length - 1); mask++)
            {
                var cuts = Enumerable.Range(1, text.Length - 1).Where(at => (mask >> (at - 1) & 1) == 1);
                Assert.Equal(expected, Pieces.Redact(slot, text, cuts, end, expected));
                slot.Reset();
            }
        }
    }

    [Fact]
    [Trait("Category", "Heavy")]
    public void RandomSplits_GiveTheWholeRedaction_ForLongMixedTexts()
    {
        var plans = new[]
        {
            ShippedRules.MaskAll, new RedactionPlan(RuleSet.Default, new Kind("EMAIL_ADDRESS"), new Kind("PAYMENT_CARD")),
            new RedactionPlan(RuleSet.Default, new Kind("API_KEY"), new Kind("PRIVATE_KEY")),
        };
        var cases =
            from text in Texts.Joined(30)
            from cuts in Gen.Int[0, text.Length].Array[0, 40]
            from end in Gen.Enum<TextEnd>()
            from plan in Gen.OneOf(plans)
            select (text, cuts, end, plan);
        cases.Sample(
            sample =>
            {
                var whole = new KindCounts();
                var expected = Redactor.RedactWhole(sample.plan, sample.text, sample.end, whole);
                var slot = new SlotRedactor(sample.plan);
                var actual = Pieces.Redact(slot, sample.text, sample.cuts.Order(), sample.end, expected);
                Assert.Equal(whole.ToDictionary(), slot.Redactions.ToDictionary());
                return actual == expected;
            },
            iter: Counts.Of(400_000, output));
    }

    [Fact]
    [Trait("Category", "Heavy")]
    public void CharacterByCharacter_GivesTheWholeRedaction_ForDenseTexts()
    {
        var alphabets = new[]
        {
            "a@.b-", "0123456789 -", "1.25", "sk-ant0", "-BEGIN PRVATKY",
            "GB29NWBK60161331926819 ", "+12 ()x", "pgk_livetes",
        };
        var cases =
            from alphabet in Gen.OneOf(alphabets)
            from text in Texts.Dense(alphabet, 80)
            from end in Gen.Enum<TextEnd>()
            select (text, end);
        cases.Sample(
            sample =>
            {
                var expected = Redactor.RedactWhole(ShippedRules.MaskAll, sample.text, sample.end);
                var cuts = Enumerable.Range(0, sample.text.Length);
                return Pieces.Redact(new SlotRedactor(ShippedRules.MaskAll), sample.text, cuts, sample.end, expected) == expected;
            },
            iter: Counts.Of(400_000, output));
    }

    [Fact]
    public void LongText_GivesTheWholeRedaction_InOnePush()
    {
        var text = string.Concat(Enumerable.Range(0, 4000).Select(i => $"Line {i}: write to user{i}@example.com or 4111 1111 1111 1111. "));
        var expected = Redactor.RedactWhole(ShippedRules.MaskAll, text, TextEnd.Finished);

        Assert.Equal(expected, Pieces.Redact(ShippedRules.MaskAll, text));
        Assert.Equal(4000, expected.Split("[EMAIL_ADDRESS]").Length - 1);
        Assert.Equal(4000, expected.Split("[PAYMENT_CARD]").Length - 1);
    }
}
