using System.Buffers;
using CsCheck;
using Proofgate.Protection.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Protection.Tests;

/// <summary>Values that a model was given and this caller may not see do not come back word for word.</summary>
public sealed class ExactValuesTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("It is Project Nightingale.", "It is [WITHHELD].")]
    [InlineData("Project Project Nightingale", "Project [WITHHELD]")]
    [InlineData("Pro\u200Bject Night\u00ADingale!", "[WITHHELD]!")]
    [InlineData("Project Nightingales and Project Nighting", "[WITHHELD]s and Project Nighting")]
    [InlineData("12 Harbour Street, Harbour Street 12", "[WITHHELD], Harbour Street 12")]
    [InlineData("12 Harbour Street@example.com", "[WITHHELD]")]
    [InlineData("security, short", "security, short")]
    public void Value_IsRedacted_WhereItIsRepeated(string text, string expected)
    {
        var plan = Plan("Project Nightingale", "12 Harbour Street", "security", "short");
        Assert.Equal(expected, Redactor.RedactWhole(plan, text, TextEnd.Finished));
        Assert.Equal(expected, Pieces.Redact(new SlotRedactor(plan), text, Enumerable.Range(0, text.Length), TextEnd.Finished, expected));
    }

    [Fact]
    public void Value_IsRedacted_WhenEverythingElseIsRevealed()
    {
        Assert.True(ExactValues.TryCreate(["anna@example.com"], out var values));
        var plan = new RedactionPlan(RuleSet.Default, RuleSet.Default.Kinds.ToDictionary(kind => kind, _ => RedactionWay.Reveal), values: values);
        Assert.Equal("[WITHHELD], bob@example.com", Redactor.RedactWhole(plan, "anna@example.com, bob@example.com", TextEnd.Finished));
        var counts = new KindCounts();
        Redactor.RedactWhole(plan, "anna@example.com", TextEnd.Finished, counts);
        Assert.Equal(1, counts[Kind.Withheld]);
    }

    [Fact]
    public void Beginning_IsRedacted_WhenTheTextIsCut()
    {
        var plan = Plan("Project Nightingale");
        Assert.Equal("It is Project", Redactor.RedactWhole(plan, "It is Project", TextEnd.CutShort));
        Assert.Equal("It is [WITHHELD]", Redactor.RedactWhole(plan, "It is Project Nightin", TextEnd.CutShort));
        Assert.Equal("It is [WITHHELD]", Pieces.Redact(plan, "It is Project Nightin", TextEnd.CutShort));
    }

    [Fact]
    public void LongValue_IsRedactedAsOne()
    {
        foreach (var length in new[] { 255, 256, 257, 262, 263, 511, 512, 2000 })
        {
            var value = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i * i / 7 % 26))));
            Assert.Equal("<[WITHHELD]>", Redactor.RedactWhole(Plan(value), $"<{value}>", TextEnd.Finished));
        }
    }

    [Fact]
    public void TooManyValues_AreRefused_AndNotCut()
    {
        Assert.False(ExactValues.TryCreate(Enumerable.Range(0, ExactValues.MaxCount + 1).Select(i => $"value number {i}"), out var values));
        Assert.Null(values);
        Assert.False(ExactValues.TryCreate(Enumerable.Range(0, 20).Select(i => new string((char)('a' + i), ExactValues.MaxTotal / 16)), out _));
    }

    [Fact]
    [Trait("Category", "Heavy")]
    public void EverySplit_GivesTheWholeRedaction_AndEveryOccurrenceIsCovered()
    {
        var word = Gen.OneOf("ab", "a", "b", "abab", " ", "\u200B").Array[4, 12].Select(string.Concat);
        var cases =
            from values in word.Array[1, 6]
            from text in Gen.OneOf(Gen.OneOf(values), word).Array[0, 8].Select(string.Concat)
            from cuts in Gen.Int[0, text.Length].Array[0, 6]
            from end in Gen.Enum<TextEnd>()
            select (values, text, cuts, end);
        cases.Sample(
            sample =>
            {
                var plan = Plan(sample.values);
                var whole = Redactor.RedactWhole(plan, sample.text, sample.end);
                Assert.Equal(whole, Pieces.Redact(new SlotRedactor(plan), sample.text, sample.cuts.Order(), sample.end, whole));
                Assert.All(
                    sample.values.Select(value => value.Replace("\u200B", "", StringComparison.Ordinal)).Where(value => value.Length >= ExactValues.MinLength),
                    value => Assert.DoesNotContain(value, whole.Replace("\u200B", "", StringComparison.Ordinal), StringComparison.Ordinal));
            },
            iter: Counts.Of(100_000, output));
    }

    [Fact]
    public void Cost_IsLinear_ForValuesThatAreTheirOwnBeginnings()
    {
        var values = Enumerable.Range(8, 200).Select(length => new string('a', length)).Append(new string('a', 200) + "b").ToArray();
        Assert.True(ExactValues.TryCreate(values, out var exact));
        foreach (var unit in new[] { "a", new string('a', 199) + "c", "aaaaaaac" })
        {
            var text = string.Concat(Enumerable.Repeat(unit, (1 << 16) / unit.Length));
            var released = new ArrayBufferWriter<char>();
            var slot = new SlotRedactor(new RedactionPlan(RuleSet.Default, RuleSet.Default.Kinds.ToDictionary(kind => kind, _ => RedactionWay.Reveal), values: exact));
            foreach (var part in text.Chunk(7))
                slot.Push(part, released);
            output.WriteLine($"{slot.Matcher.Steps / (double)text.Length:F2} steps a character");
            Assert.InRange(slot.Matcher.Steps, text.Length, 8L * text.Length);
        }
    }

    private static RedactionPlan Plan(params string[] values)
    {
        Assert.True(ExactValues.TryCreate(values, out var exact));
        return new RedactionPlan(RuleSet.Default, new Dictionary<Kind, RedactionWay>(), values: exact);
    }
}
