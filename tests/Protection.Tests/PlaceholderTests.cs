using System.Buffers;
using CsCheck;
using Proofgate.Protection.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Protection.Tests;

/// <summary>Values that do not reach the model and come back to the caller, and to nobody else.</summary>
public sealed class PlaceholderTests(ITestOutputHelper output)
{
    private static readonly HashSet<Kind> People = [new("EMAIL_ADDRESS"), new("PHONE_NUMBER")];
    private static readonly HashSet<Kind> Every = [.. RuleSet.Default.Kinds];

    [Fact]
    public void Value_GoesOutAsAPlaceholder_AndComesBack()
    {
        var map = new PlaceholderMap(RuleSet.Default, People);
        var sent = map.Protect("Write to a@b.co or c@d.co, not to a@b.co, about 054-28-6917.");
        Assert.Matches(
            @"^Write to (\[EMAIL_ADDRESS_1_([0-9A-Za-z]{8})\]) or \[EMAIL_ADDRESS_2_\2\], not to \1, about 054-28-6917\.$", sent);
        Assert.Equal(2, map.Count);
        Assert.Equal("Write to a@b.co or c@d.co, not to a@b.co, about 054-28-6917.", Restore(map, People, sent));
    }

    [Fact]
    public void Value_StaysAway_WhenTheCallerMayNotSeeItsKind()
    {
        var map = new PlaceholderMap(RuleSet.Default, People);
        var sent = map.Protect("a@b.co, +447700900123");
        Assert.Equal("[EMAIL_ADDRESS], +447700900123", Restore(map, new HashSet<Kind> { new("PHONE_NUMBER") }, sent));
    }

    [Fact]
    public void Placeholder_OfAnotherCall_GetsNothing()
    {
        var (before, now) = (new PlaceholderMap(RuleSet.Default, People), new PlaceholderMap(RuleSet.Default, People));
        var retrieved = before.Protect("a@b.co");
        var sent = now.Protect($"c@d.co, and the document says {retrieved}");
        Assert.DoesNotContain(retrieved, sent, StringComparison.Ordinal);
        Assert.Contains("[=EMAIL_ADDRESS_1_", sent, StringComparison.Ordinal);
        Assert.Equal($"c@d.co, and the document says {retrieved}", Restore(now, People, sent));
        Assert.Equal(retrieved, Restore(now, People, retrieved));
    }

    [Fact]
    public void LookAlikes_OfThisCall_ComeBackAsTheyWere()
    {
        // Somebody knows the token: text that is protected later still gets no value of the text before it.
        var map = new PlaceholderMap(RuleSet.Default, People);
        var placeholder = map.Protect("a@b.co");
        foreach (var text in new[] { placeholder, $"[={placeholder[1..]}", $"[=={placeholder[1..]}{placeholder}", $"[{placeholder}]", $"[[{placeholder}" })
            Assert.Equal(text, Restore(map, People, map.Protect(text)));
    }

    [Fact]
    public void Values_AreMasked_PastTheLimit()
    {
        var map = new PlaceholderMap(RuleSet.Default, People);
        var text = string.Join(", ", Enumerable.Range(0, PlaceholderMap.MaxCount + 2).Select(i => $"a{i}@b.co"));
        var sent = map.Protect(text);
        Assert.Equal(PlaceholderMap.MaxCount, map.Count);
        Assert.EndsWith(", [EMAIL_ADDRESS], [EMAIL_ADDRESS]", sent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[see", 4)]
    [InlineData("[see ", 0)]
    [InlineData("a [b] [", 1)]
    public void Text_IsHeld_OnlyWhileItCanBecomeAPlaceholder(string text, int held)
    {
        var restorer = new PlaceholderRestorer(new PlaceholderMap(RuleSet.Default, People), People);
        var released = new ArrayBufferWriter<char>();
        restorer.Push(text, released);
        Assert.Equal(held, restorer.HeldLength);
        restorer.Push(new string('x', 1000), released);
        Assert.True(restorer.HeldLength < 128);
    }

    [Fact]
    [Trait("Category", "Heavy")]
    public void EveryText_ComesBack_HoweverTheAnswerIsCut()
    {
        var look = Gen.OneOf("[", "]", "[=", "=", "[EMAIL_ADDRESS_1_", "abcdEF09]", "[EMAIL_ADDRESS_1_abcdEF09]", "[=IBAN_22_abcdEF09]", "[EMAIL_ADDRESS]", "_");
        var cases =
            from text in Gen.Frequency((2, Texts.Part), (1, look)).Array[0, 16].Select(string.Concat)
            from cuts in Gen.Int[0, 400].Array[0, 30]
            select (text: new string([.. text.Where(c => c is not ('\u200B' or '\uDB40'))]), cuts);
        cases.Sample(
            sample =>
            {
                var map = new PlaceholderMap(RuleSet.Default, Every);
                var sent = map.Protect(sample.text);
                Assert.Equal(sample.text, Restore(map, Every, sent, sample.cuts));
            },
            iter: Counts.Of(100_000, output));
    }

    private static string Restore(PlaceholderMap map, IReadOnlySet<Kind> revealed, string answer, params int[] cuts)
    {
        var restorer = new PlaceholderRestorer(map, revealed);
        var released = new ArrayBufferWriter<char>();
        var from = 0;
        foreach (var cut in cuts.Where(cut => cut < answer.Length).Order().Append(answer.Length))
        {
            restorer.Push(answer.AsSpan(from, cut - from), released);
            from = cut;
        }

        restorer.Complete(released);
        return released.WrittenSpan.ToString();
    }
}
