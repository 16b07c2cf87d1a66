using System.Buffers;
using CsCheck;
using Proofgate.Protection.Matching;
using Proofgate.Protection.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Protection.Tests;

/// <summary>No text makes the matcher slow: counted steps, not time.</summary>
public sealed class LinearityTests(ITestOutputHelper output)
{
    /// <summary>Steps for each character that no text may exceed. The worst known are numbers written digit by digit.</summary>
    private const int MostStepsPerCharacter = 160;
    private const int Mebi = 1 << 20;

    public static TheoryData<string> Repeated =>
    [
        "@", "1", "1 ", "4 1-1", "a.a.a.a@", "a@b.", "-----BEGIN ", "-----BEGIN A ", "-----BEGIN PRIVATE KEY-----", "-----END ",
        "sk-", "sk-ant-", "sk-ant-0123456789abcdef", "AKIA",
        "ghp_", "github_pat_", "pgk_live_a1B2c3D4_0 ", "pgk_", "GB29", "GB29 ", "GB29 NWBK 6016 1331 9268 19 ",
        "+1", "+1 ", "1.", "255.", "\u200B", "4\u200B", "a'", "a-a.", "054-28-6917 ",
        "4111 1111 1111 1111 ", "\uDB40", "\uDB40\uDC41", "K", "a.b@c.dd,", "x",
    ];

    [Theory]
    [MemberData(nameof(Repeated))]
    public void Steps_GrowWithTheLength_AndStayUnderTheBound(string unit)
    {
        var half = Steps(unit, Mebi / 2);
        var whole = Steps(unit, Mebi);
        output.WriteLine($"{whole / (double)Mebi:F2} steps a character for '{unit}'");
        Assert.True(whole <= (2.02 * half) + 1000, $"{half} steps for half the text, {whole} for all of it.");
        Assert.True(whole <= (long)MostStepsPerCharacter * Mebi, $"{whole / (double)Mebi:F1} steps a character.");
    }

    [Fact]
    public void Steps_StayUnderTheBound_ForGeneratedTexts()
    {
        Texts.Part.Array[1, 4].Select(string.Concat).Where(unit => unit.Length > 0).Sample(
            unit => Steps(unit, 1 << 14) <= (long)MostStepsPerCharacter << 14, iter: Counts.Of(100_000, output));
    }

    [Fact]
    public void Streaming_CostsTheSameSteps_AsTheWholeText()
    {
        foreach (var unit in new[] { "a.a.a.a@", "1 ", "-----BEGIN PRIVATE KEY-----", "sk-ant-" })
        {
            var text = string.Concat(Enumerable.Repeat(unit, 1 << 12));
            var slot = new SlotRedactor(ShippedRules.MaskAll);
            var released = new ArrayBufferWriter<char>();
            foreach (var part in text.Chunk(3))
                slot.Push(part, released);
            Assert.InRange(slot.Matcher.Steps, 1, (long)MostStepsPerCharacter * text.Length);
        }
    }

    private static long Steps(string unit, int length)
    {
        var text = string.Concat(Enumerable.Repeat(unit, (length / unit.Length) + 1))[..length];
        var matcher = new Matcher();
        matcher.Reset(RuleSet.Default, RuleSet.Default.AllKinds);
        matcher.Run(text, 0, 0);
        matcher.End(text, 0, TextEnd.CutShort);
        return matcher.Steps;
    }
}
