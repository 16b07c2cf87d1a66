using System.Buffers;
using Proofgate.Protection.Tests.Support;

namespace Proofgate.Protection.Tests;

/// <summary>What a reader of a stream waits for.</summary>
public sealed class HoldingTests
{
    private const string Prose =
        "Ordinary prose, \u201Cquoted\u201D or not (see below), costs at most the word being written: it's well-known. "
        + "People from Malm\u00F6 said: that's fine! "
        + "\u65E5\u672C\u8A9E\u306E\u6587\u7AE0\u3082\u3001\u5F85\u305F\u305B\u306A\u3044\u3002 Done?\n- a list\n- of things\n";

    [Fact]
    public void Prose_IsHeldNoLongerThanItsWord_CharacterByCharacter()
    {
        var slot = new SlotRedactor(ShippedRules.MaskAll);
        var released = new ArrayBufferWriter<char>();
        var word = 0;
        foreach (var c in Prose)
        {
            slot.Push([c], released);
            word = c < '\u3000' && (char.IsLetter(c) || c is '\'' or '-' or '.' or '(') ? word + 1 : 0;
            Assert.True(slot.HeldLength <= word, $"Holds {slot.HeldLength} characters after '{released.WrittenSpan}'.");
        }

        slot.Complete(TextEnd.Finished, released);
        Assert.Equal(Prose, released.WrittenSpan.ToString());
    }

    [Fact]
    public void HalfASurrogatePair_WaitsForTheOtherHalf()
    {
        var slot = new SlotRedactor(ShippedRules.MaskAll);
        var released = new ArrayBufferWriter<char>();
        slot.Push(", \uD83D", released);
        Assert.Equal((2, 1), (released.WrittenCount, slot.HeldLength));
        slot.Push("\uDE00", released);
        Assert.Equal((4, 0), (released.WrittenCount, slot.HeldLength));
    }

    [Theory]
    [InlineData("Hello ", 0)]
    [InlineData("Hello", 5)]
    [InlineData("Hello, wor", 3)]
    [InlineData("\u65E5\u672C\u8A9E", 0)]
    [InlineData("4111 1111 ", 10)]
    [InlineData("+1 ", 3)]
    [InlineData("----", 4)]
    [InlineData("me@x.org ", 0)]
    [InlineData("me@x.org.", 9)]
    public void Slot_Holds_FromTheFirstLiveMatch(string text, int held)
    {
        var slot = new SlotRedactor(ShippedRules.MaskAll);
        slot.Push(text, new ArrayBufferWriter<char>());
        Assert.Equal(held, slot.HeldLength);
    }

    [Fact]
    public void PrivateKey_IsMaskedAtItsFirstLine_AndHoldsNothingWhileItRuns()
    {
        var slot = new SlotRedactor(ShippedRules.MaskAll);
        var released = new ArrayBufferWriter<char>();
        slot.Push("Key: -----BEGIN RSA PRIVATE KEY-----", released);
        Assert.Equal("Key: [PRIVATE_KEY]", released.WrittenSpan.ToString());
        for (var line = 0; line < 20_000; line++)
        {
            slot.Push("\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj", released);
            Assert.Equal(0, slot.HeldLength);
        }

        slot.Push("\n-----END RSA PRIVATE KEY-----\nDone.\n", released);
        slot.Complete(TextEnd.Finished, released);
        Assert.Equal("Key: [PRIVATE_KEY]\nDone.\n", released.WrittenSpan.ToString());
        Assert.Equal(1, slot.Redactions.Total);
    }

    [Fact]
    public void ZeroWidthFlood_HoldsABoundedAmount_WhileAMatchIsAlive()
    {
        var slot = new SlotRedactor(ShippedRules.MaskAll);
        var released = new ArrayBufferWriter<char>();
        slot.Push("4111", released);
        for (var i = 0; i < 1000; i++)
            slot.Push(new string('\u200B', 100), released);
        Assert.Equal(68, slot.HeldLength);
        slot.Push("111111111111 ", released);
        slot.Complete(TextEnd.Finished, released);
        Assert.Equal("[PAYMENT_CARD] ", released.WrittenSpan.ToString());
    }
}
