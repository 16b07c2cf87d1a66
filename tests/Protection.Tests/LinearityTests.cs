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
    private const int MostStepsPerCharacter = 40;
    private const int Mebi = 1 << 20;

    public static TheoryData<string> Repeated =>
    [
        "@", "1", "1 ", "4 ", "4 1-1", "44 ", "444 ", "4444 ", "3333333333 ", "a.a.a.a@", "a.", "a.b.a.b@", "a@b.", "a@", "a@a.aa.aa.aa ",
        "-----BEGIN ", "-----BEGIN A ", "-----BEGIN PRIVATE KEY-----", "-----END ", "-", "-----BEGIN PRIVATE KEY-----sk-ant-0123456789abcdef-",
        "sk-", "sk-ant-", "sk-ant-0123456789abcdef", "sk-ant-0123456789abcdef-pgk_live_a1B2c3D4_0-", "AKIA",
        "ghp_", "github_pat_", "pgk_live_a1B2c3D4_0 ", "pgk_", "GB29", "GB29 ", "MT29 ", "GB29 NWBK 6016 1331 9268 19 ",
        "+1", "+1 ", "1.", "255.", "\u200B", "4\u200B", "4 \u200B", "a'", "a-a.", "054-28-6917 ",
        "4111 1111 1111 1111 ", "\uDB40", "\uDB40\uDC41", "K", "a.b@c.dd,", "x",
        "password=", "password=password=", "password: ", "pwd=Xk29vQ!7;", "secret_secret_", "token=>", "pass ", "password=aB3.", "api_key=\u200B",
        "eyJ", "eyJ-", "eyJhbGciOiJI.", "eyJhbGciOiJIUzI1NiJ9.", "eyJhbGciOiJI-eyJ0eXAiOiJI_", "0123456789abcdef", "f", "a1", "a1-", "f0:", "00:", "00-", ":", "::",
        "https://a:b@", "https://", "https://a:", "ftp://a:b", "://", ";password=", ";Password=x;", "AccountKey=", "bearer ", "Bearer a1b2c3d4e5f6.",
        "born on ", "born 1/", "DOB 1.1.", "1/1/", "phone 1 ", "tel 1", "tel tel ", "call me at 1-", "NHS 1", "BSN 1 ", "ssn: 054286917 ",
        "3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy ", "bc1q", "bc1qbc1q ", "0x", "0x00", "1 11 ", "11 1111 ", "123-", "123-456-", "(555)", "555 234 ", "756.",
        "RSSMRA85", "X-1", "1-1", "850730-", "glpat-", "xoxb-", "SG.", "hvs.", "dp.pt.", "AIza", "npm_npm_", "ops_eyJ", "Q~", "1Q~a", "AGE-SECRET-KEY-1",
    ];

    [Theory]
    [MemberData(nameof(Repeated))]
    public void Steps_GrowWithTheLength_AndStayUnderTheBound(string unit)
    {
        var (half, whole) = (Steps(unit, Mebi / 2), Steps(unit, Mebi));
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
        foreach (var unit in new[] { "a.a.a.a@", "1 ", "-----BEGIN PRIVATE KEY-----", "sk-ant-", "password=", "eyJ-", "444 " })
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
        // In two runs: what is found at the end of one is not looked at again in the next.
        matcher.Run(text.AsSpan(0, length / 2), 0, 0);
        matcher.Run(text, 0, length / 2);
        matcher.End(text, 0, TextEnd.CutShort);
        return matcher.Steps;
    }
}
