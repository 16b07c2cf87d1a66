using Proofgate.Protection.Tests.Support;

namespace Proofgate.Protection.Tests;

/// <summary>The three rules in the remarks of <see cref="RedactionPlan"/>.</summary>
public sealed class RedactionPlanTests
{
    [Theory]
    // All of both, though the card ends where the address goes on; leftmost, then longest, gives the name.
    [InlineData("4111111111111111@example.com!", "[EMAIL_ADDRESS]!")]
    // A decisive rule names the redaction before anything longer that starts with it.
    [InlineData("sk-ant-0123456789abcdefgh@example.com!", "[API_KEY]!")]
    [InlineData("x.sk-ant-0123456789abcdefgh@example.com!", "[EMAIL_ADDRESS]!")]
    // Inside another match, and beyond its end.
    [InlineData("DE89370400440532013000", "[IBAN]")]
    [InlineData("a@b.cc@d.ee", "[EMAIL_ADDRESS]")]
    [InlineData("-----BEGIN PRIVATE KEY-----a@b.cc-----END PRIVATE KEY-----", "[PRIVATE_KEY]")]
    // Touching is not overlapping.
    [InlineData("-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----054-28-6917", "[PRIVATE_KEY][US_SSN]")]
    [InlineData("-----BEGIN PRIVATE KEY----------END PRIVATE KEY-----a@b.cc", "[PRIVATE_KEY]")]
    public void OverlappingFindings_AreOneRedaction_NamedByTheFirst(string text, string expected)
    {
        Assert.Equal(expected, Redactor.RedactWhole(ShippedRules.MaskAll, text, TextEnd.Finished));
        Assert.Equal(expected, Pieces.ByCharacter(text, expected));
    }

    [Fact]
    public void RevealedKind_PassesAndHoldsNothing_WhileOthersAreMasked()
    {
        var plan = new RedactionPlan(RuleSet.Default, new Kind("EMAIL_ADDRESS"));
        Assert.Equal("to a@b.co, [US_SSN]", Redactor.RedactWhole(plan, "to a@b.co, 054-28-6917", TextEnd.Finished));
        var slot = new SlotRedactor(plan);
        slot.Push("john.smith@exam", new System.Buffers.ArrayBufferWriter<char>());
        Assert.Equal(0, slot.HeldLength);
    }

    [Fact]
    public void RevealedKind_SavesNothing_OfAMaskedValueInsideIt()
    {
        var plan = new RedactionPlan(RuleSet.Default, new Kind("EMAIL_ADDRESS"));
        Assert.Equal("x.[API_KEY]@example.com", Redactor.RedactWhole(plan, "x.sk-ant-0123456789abcdefgh@example.com", TextEnd.Finished));
    }

    [Fact]
    public void EverythingRevealed_PassesAsItIs()
    {
        var plan = new RedactionPlan(RuleSet.Default, RuleSet.Default.Kinds);
        var text = "a@b.co 4111111111111111" + new string('\u200B', 100);
        Assert.Same(text, Redactor.RedactWhole(plan, text, TextEnd.CutShort));
        Assert.False(Redactor.MayMatch(plan, text));
        Assert.Equal(text, Pieces.Redact(plan, text));
    }

    [Fact]
    public void Slot_CountsByKind_AndStartsAnewAfterReset()
    {
        var slot = new SlotRedactor(ShippedRules.MaskAll);
        var released = new System.Buffers.ArrayBufferWriter<char>();
        slot.Push("a@b.co, c@d.co, 054-28-6917 and 4111", released);
        slot.Complete(TextEnd.Finished, released);
        Assert.Equal(2, slot.Redactions[new Kind("EMAIL_ADDRESS")]);
        Assert.Equal(3, slot.Redactions.Total);
        Assert.Throws<InvalidOperationException>(() => slot.Push("x", released));
        Assert.Throws<InvalidOperationException>(() => slot.Complete(TextEnd.Finished, released));

        slot.Reset(new RedactionPlan(RuleSet.Default, new Kind("US_SSN")));
        released.ResetWrittenCount();
        slot.Push("111111111111 054-28-6917", released);
        slot.Complete(TextEnd.Finished, released);
        Assert.Equal("111111111111 054-28-6917", released.WrittenSpan.ToString());
        Assert.Equal(0, slot.Redactions.Total);
    }
}
