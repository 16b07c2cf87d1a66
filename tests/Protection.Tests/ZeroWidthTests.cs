using Proofgate.Protection.Tests.Support;

namespace Proofgate.Protection.Tests;

public sealed class ZeroWidthTests
{
    public static TheoryData<string> Invisible =>
        ["\u200B", "\u200C", "\u200D", "\u2060", "\uFEFF", "\u00AD", "\uFE0F", "\u202E", "\uDB40\uDC41", "\uDB43\uDFFF"];

    [Theory]
    [MemberData(nameof(Invisible))]
    public void Value_IsRedactedWithWhatIsInsideIt_WhenZeroWidthCharactersSplitIt(string between)
    {
        // Every rule but the private key's, whose match does not end before the last zero-width character. What stands before a value stays.
        foreach (var value in ShippedRules.File.Rules.Where(rule => rule is { Until: null, Context: null }).SelectMany(rule => rule.Positive))
        {
            var plain = Redactor.RedactWhole(ShippedRules.MaskAll, value, TextEnd.Finished);
            var pierced = string.Join(between, value.Select(c => c.ToString()));
            var expected = $"a {between}{plain}{between} b";
            var text = $"a {between}{pierced}{between} b";
            Assert.Equal(expected, Redactor.RedactWhole(ShippedRules.MaskAll, text, TextEnd.Finished));
            Assert.Equal(expected, Pieces.ByCharacter(text, expected));
        }
    }

    [Theory]
    [MemberData(nameof(Invisible))]
    public void Value_IsRedacted_WhenZeroWidthCharactersSplitItAndTheWordsBeforeIt(string between)
    {
        foreach (var example in ShippedRules.File.Rules.Where(rule => rule.Context is not null).SelectMany(rule => rule.Positive).Select(Example.Parse))
        {
            var text = string.Concat((example.Before + example.Value).Select(c => c + between));
            var redacted = Redactor.RedactWhole(ShippedRules.MaskAll, text, TextEnd.Finished);
            Assert.DoesNotContain(string.Concat(example.Value.Select(c => c + between)), redacted, StringComparison.Ordinal);
            Assert.Equal(redacted, Pieces.ByCharacter(text, redacted));
        }
    }

    [Fact]
    public void LongRun_IsCutTo64_AndShorterOnesAreKept()
    {
        var kept = "a" + new string('\u200D', 64) + "b";
        Assert.Same(kept, Redactor.RedactWhole(ShippedRules.MaskAll, kept, TextEnd.Finished));
        Assert.Equal(kept, Redactor.RedactWhole(ShippedRules.MaskAll, "a" + new string('\u200D', 5000) + "b", TextEnd.Finished));
        Assert.Equal(kept, Pieces.Redact(ShippedRules.MaskAll, "a" + new string('\u200D', 5000) + "b"));
    }

    [Fact]
    public void LongRun_IsCutBetweenPairs_WhenItsCharactersAreSurrogates()
    {
        var expected = "a" + string.Concat(Enumerable.Repeat("\uDB40\uDC41", 64)) + "b";
        var text = "a" + string.Concat(Enumerable.Repeat("\uDB40\uDC41", 500)) + "b";
        Assert.Equal(expected, Redactor.RedactWhole(ShippedRules.MaskAll, text, TextEnd.Finished));
        Assert.Equal(expected, Pieces.ByCharacter(text, expected));
    }

    [Fact]
    public void Emoji_PassUntouched_WithTheirJoiners()
    {
        const string Text = "\U0001F468\u200D\U0001F469\u200D\U0001F467 1\uFE0F\u20E3 \U0001F3F4\U000E0067\U000E0062\U000E007F";
        Assert.Same(Text, Redactor.RedactWhole(ShippedRules.MaskAll, Text, TextEnd.Finished));
        Assert.Equal(Text, Pieces.ByCharacter(Text, Text));
    }
}
