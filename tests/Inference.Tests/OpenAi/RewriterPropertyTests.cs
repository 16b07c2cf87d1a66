using System.Buffers;
using CsCheck;
using Proofgate.Inference.Dialects.OpenAi;
using Proofgate.Inference.Tests.Support;
using Proofgate.Protection;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Inference.Tests.OpenAi;

/// <summary>Invariant 4 of DESIGN.md on the wire: the way in which a provider cuts an answer changes nothing of what is masked.</summary>
public sealed class RewriterPropertyTests(ITestOutputHelper output)
{
    private static readonly RedactionPlan[] Plans =
    [
        new(RuleSet.Default), new(RuleSet.Default, new Kind("EMAIL_ADDRESS"), new Kind("PAYMENT_CARD")), new(RuleSet.Default, RuleSet.Default.Kinds),
    ];

    [Fact]
    [Trait("Category", "Heavy")]
    public void Stream_GivesTheRedactionOfTheJoinedTexts_HoweverItIsCut()
    {
        var masks = 0;
        Gen.Int.Select(Gen.OneOf(Plans)).Sample(
            sample =>
            {
                var (seed, plan) = sample;
                var scenario = new Scenario(seed);
                var expected = scenario.Texts.ToDictionary(
                    static t => t.Key, t => Whole(plan, t.Key, t.Value, scenario.EndOf(t.Key), null));
                using var rewriter = new OpenAiChatRewriter(plan, scenario.UsageAsked, scenario.StopsChosen);
                var frames = new ArrayBufferWriter<byte>();
                var heard = new HeardAnswer();
                foreach (var data in scenario.Events)
                {
                    frames.ResetWrittenCount();
                    Assert.Equal(StreamStep.Continue, rewriter.RewriteEvent(data, frames));
                    heard.Add(frames.WrittenSpan);
                    // What was released cannot be taken back.
                    Assert.All(heard.Slots, slot => Assert.StartsWith(heard.Text(slot), expected[slot], StringComparison.Ordinal));
                }

                frames.ResetWrittenCount();
                if (scenario.EndsWithDone)
                {
                    Assert.Equal(StreamStep.Ended, rewriter.RewriteEvent("[DONE]"u8, frames));
                }
                else
                {
                    rewriter.CutShort(frames);
                }

                heard.Add(frames.WrittenSpan);
                Assert.Equal(scenario.EndsWithDone, heard.Done);
                Assert.All(expected, e => Assert.Equal(e.Value, heard.Text(e.Key)));
                var whole = new KindCounts();
                foreach (var (slot, text) in scenario.Texts)
                {
                    Whole(plan, slot, text, scenario.EndOf(slot), whole);
                }

                Assert.Equal(whole.ToDictionary(), rewriter.Facts.Redactions.ToDictionary());
                Interlocked.Add(ref masks, (int)whole.Total);
                if (!ReferenceEquals(plan, Plans[2]))
                {
                    Assert.DoesNotContain("logprob\"", heard.Raw, StringComparison.Ordinal);
                }

                Assert.All(heard.Chunks, c => Assert.True(scenario.UsageAsked || !c.TryGetProperty("usage", out _)));
            },
            iter: Counts.Of(100_000, output));
        Assert.True(masks > 1000, $"Only {masks} masks: the scenarios test nothing.");
    }

    [Theory]
    [InlineData("054-28-6917")]
    [InlineData("4111 1111 1111 1111")]
    [InlineData("john.smith@example.com")]
    [InlineData("GB29NWBK60161331926819")]
    [InlineData("sk-ant-0123456789abcdef")]
    [InlineData("86.121.97.248")]
    public void Stream_ShowsNoPartOfAMaskedValue_InAnyField(string value)
    {
        foreach (var size in new[] { 1, 2, 3, 5, 50 })
        {
            using var rewriter = new OpenAiChatRewriter(Plans[0], usageAsked: true, stopsChosen: false);
            var frames = new ArrayBufferWriter<byte>();
            foreach (var piece in $"It is {value}, so.".Chunk(size).Select(static c => new string(c)))
            {
                rewriter.RewriteEvent(
                    System.Text.Encoding.UTF8.GetBytes(
                        $$"""{"id":"x","choices":[{"index":0,"delta":{"content":"{{piece}}"},"logprobs":{"content":[{"token":"{{piece}}","bytes":[1]}]},"token_ids":[7,8]}]}"""),
                    frames);
            }

            rewriter.RewriteEvent("""{"id":"x","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"""u8, frames);
            rewriter.RewriteEvent("[DONE]"u8, frames);
            var heard = HeardAnswer.Read(frames.WrittenSpan);
            Assert.Equal(Redactor.RedactWhole(Plans[0], $"It is {value}, so.", TextEnd.Finished), heard.Text("0/content"));
            Assert.Contains("[", heard.Text("0/content"), StringComparison.Ordinal);
            for (var i = 0; i + 5 <= value.Length; i++)
            {
                Assert.DoesNotContain(value.Substring(i, 5), heard.Raw, StringComparison.Ordinal);
            }

            Assert.DoesNotContain("token\"", heard.Raw, StringComparison.Ordinal);
            Assert.DoesNotContain("[7,8]", heard.Raw, StringComparison.Ordinal);
        }
    }

    private static string Whole(RedactionPlan plan, string slot, string text, TextEnd end, KindCounts? counts) =>
        slot.Contains("/tool", StringComparison.Ordinal) || slot.EndsWith("/function", StringComparison.Ordinal)
            ? JsonTextFilter.RedactWhole(plan, text, end, counts)
            : Redactor.RedactWhole(plan, text, end, counts);
}
