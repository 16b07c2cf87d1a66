using CsCheck;
using Proofgate.Protection.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Protection.Tests;

public sealed class RedactionWayTests(ITestOutputHelper output)
{
    private static readonly byte[] Master = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly PseudonymKey Key = PseudonymKey.ForColumn(Master, "contoso", "customers", "mail");

    [Theory]
    [InlineData("PAYMENT_CARD", RedactionWay.Partial, "card 4242 4242 4242 4242!", "card **** 4242!")]
    [InlineData("PAYMENT_CARD", RedactionWay.Remove, "card 4242 4242 4242 4242!", "card !")]
    [InlineData("PAYMENT_CARD", RedactionWay.Mask, "card 4242 4242 4242 4242!", "card [PAYMENT_CARD]!")]
    [InlineData("IBAN", RedactionWay.Partial, "gb29nwbk60161331926819", "**** 6819")]
    [InlineData("US_SSN", RedactionWay.Partial, "054-28-6917", "**** 6917")]
    [InlineData("EMAIL_ADDRESS", RedactionWay.Partial, "a@b.co", "[EMAIL_ADDRESS]")]
    [InlineData("API_KEY", RedactionWay.Partial, "sk-ant-0123456789abcdef", "[API_KEY]")]
    // Joined with a value of another kind, or reaching into another of its own: the mask.
    [InlineData("PAYMENT_CARD", RedactionWay.Partial, "4242424242424242@example.com", "[EMAIL_ADDRESS]")]
    [InlineData("PAYMENT_CARD", RedactionWay.Partial, "4242424242424242-a@example.com", "[EMAIL_ADDRESS]")]
    [InlineData("EMAIL_ADDRESS", RedactionWay.Pseudonym, "a@b.cc@d.ee", "[EMAIL_ADDRESS]")]
    public void Value_IsReplaced_InTheWayOfItsKind(string kind, RedactionWay way, string text, string expected)
    {
        var plan = Plan(kind, way);
        Assert.Equal(expected, Redactor.RedactWhole(plan, text, TextEnd.Finished));
        Assert.Equal(expected, Pieces.Redact(new SlotRedactor(plan), text, Enumerable.Range(0, text.Length), TextEnd.Finished, expected));
    }

    [Fact]
    public void Beginning_IsMasked_WhenTheTextIsCut()
    {
        var plan = Plan("PAYMENT_CARD", RedactionWay.Partial);
        Assert.Equal("[PAYMENT_CARD]", Redactor.RedactWhole(plan, "4242 4242 4242 424", TextEnd.CutShort));
        Assert.Equal("[PAYMENT_CARD]", Pieces.Redact(plan, "4242 4242 4242 424", TextEnd.CutShort));
    }

    [Fact]
    public void Kinds_OfferWhatTheirRulesCanShow()
    {
        var rules = RuleSet.Default;
        Assert.Equal(
            ["IBAN", "NATIONAL_ID", "PAYMENT_CARD", "PHONE_NUMBER", "US_SSN"],
            rules.Kinds.Where(kind => rules.Offers(kind, RedactionWay.Partial)).Select(kind => kind.Name).Order());
        Assert.Equal(
            ["CRYPTO_ADDRESS", "DATE_OF_BIRTH", "EMAIL_ADDRESS", "IBAN", "IP_ADDRESS", "MAC_ADDRESS", "NATIONAL_ID", "PAYMENT_CARD", "PHONE_NUMBER", "US_SSN"],
            rules.Kinds.Where(kind => rules.Offers(kind, RedactionWay.Pseudonym)).Select(kind => kind.Name).Order());
        Assert.All(rules.Kinds, kind => Assert.True(rules.Offers(kind, RedactionWay.Reveal) && rules.Offers(kind, RedactionWay.Mask)));
    }

    [Fact]
    public void Pseudonym_IsTheSame_ForTheSameValueUnderTheSameKey()
    {
        var plan = Plan("EMAIL_ADDRESS", RedactionWay.Pseudonym);
        var redacted = Redactor.RedactWhole(plan, "a@b.co, A@B.co, a\u200B@b.co and c@b.co", TextEnd.Finished);
        Assert.Matches(@"^(\[EMAIL_ADDRESS:[a-z2-9]{10}\]), \1, \1 and (?!\1)\[EMAIL_ADDRESS:[a-z2-9]{10}\]$", redacted);
        Assert.Equal(redacted, Redactor.RedactWhole(Plan("EMAIL_ADDRESS", RedactionWay.Pseudonym), "a@b.co, A@B.co, a@b.co and c@b.co", TextEnd.Finished));
    }

    [Fact]
    public void Pseudonym_IsAnother_ForAnotherTenantDatasetColumnKindOrCall()
    {
        var kind = new Kind("EMAIL_ADDRESS");
        string[] names =
        [
            Key.Of(kind, "a@b.co"), Key.Of(new Kind("PHONE_NUMBER"), "a@b.co"), PseudonymKey.ForColumn(Master, "fabrikam", "customers", "mail").Of(kind, "a@b.co"),
            PseudonymKey.ForColumn(Master, "contoso", "orders", "mail").Of(kind, "a@b.co"), PseudonymKey.ForColumn(Master, "contoso", "customers", "mail2").Of(kind, "a@b.co"),
            PseudonymKey.ForColumn(Master, "contosoc", "ustomers", "mail").Of(kind, "a@b.co"), PseudonymKey.ForCall().Of(kind, "a@b.co"), PseudonymKey.ForCall().Of(kind, "a@b.co"),
        ];
        Assert.Distinct(names);
        Assert.Equal(Key.Of(new Kind("PAYMENT_CARD"), "4242 4242-4242"), Key.Of(new Kind("PAYMENT_CARD"), "424242424242"));
        Assert.NotEqual(Key.Of(kind, "a-b@c.de"), Key.Of(kind, "ab@c.de"));
        Assert.Throws<ArgumentException>(() => PseudonymKey.ForColumn(Master.AsSpan(1), "a", "b", "c"));
    }

    [Fact]
    public void Pseudonym_IsTheMask_WithoutAKey()
    {
        var plan = new RedactionPlan(RuleSet.Default, new Dictionary<Kind, RedactionWay> { [new Kind("EMAIL_ADDRESS")] = RedactionWay.Pseudonym });
        Assert.Equal("[EMAIL_ADDRESS]", Redactor.RedactWhole(plan, "a@b.co", TextEnd.Finished));
    }

    [Fact]
    [Trait("Category", "Heavy")]
    public void RandomSplits_GiveTheWholeRedaction_InEveryWay()
    {
        Assert.True(ExactValues.TryCreate(["well-known answer", "1111 1111", "example.com"], out var values));
        var cases =
            // Without surrogates: what is left when a value between two halves is removed is a pair that nobody wrote.
            from text in Texts.Joined(20).Select(text => new string([.. text.Where(c => !char.IsSurrogate(c))]))
            from cuts in Gen.Int[0, text.Length].Array[0, 40]
            from end in Gen.Enum<TextEnd>()
            from ways in Gen.Enum<RedactionWay>().Array[RuleSet.Default.Kinds.Count]
            from withheld in Gen.Bool
            select (text, cuts, end, ways, withheld);
        cases.Sample(
            sample =>
            {
                var ways = RuleSet.Default.Kinds.Zip(sample.ways).ToDictionary(pair => pair.First, pair => pair.Second);
                var plan = new RedactionPlan(RuleSet.Default, ways, Key, sample.withheld ? values : null);
                var counts = new KindCounts();
                var expected = Redactor.RedactWhole(plan, sample.text, sample.end, counts);
                var slot = new SlotRedactor(plan);
                Assert.Equal(expected, Pieces.Redact(slot, sample.text, sample.cuts.Order(), sample.end, expected));
                Assert.Equal(counts.ToDictionary(), slot.Redactions.ToDictionary());
            },
            iter: Counts.Of(200_000, output));
    }

    private static RedactionPlan Plan(string kind, RedactionWay way) =>
        new(RuleSet.Default, new Dictionary<Kind, RedactionWay> { [new Kind(kind)] = way }, Key);
}
