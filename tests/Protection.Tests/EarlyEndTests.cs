using Proofgate.Protection.Tests.Support;

namespace Proofgate.Protection.Tests;

/// <summary>A caller must not get most of a value by cutting the answer.</summary>
public sealed class EarlyEndTests
{
    /// <summary>Rule, a value of it, and from which length a beginning of it is sensitive.</summary>
    public static TheoryData<string, string, int> Beginnings => new()
    {
        { "email", "john.smith@example.com", "john.smith@".Length },
        { "payment-card", "4111111111111111", 9 },
        { "payment-card", "4111 1111 1111 1111", "4111 1111 1".Length },
        { "iban", "GB29NWBK60161331926819", 10 },
        { "anthropic-key", "sk-ant-0123456789abcdefghij", 11 },
        { "openai-key", "sk-proj-0123456789abcdefghij", 12 },
        { "openai-legacy-key", "sk-0123456789abcdefghijklmn", 11 },
        { "aws-access-key", "AKIAIOSFODNN7EXAMPLE", 8 },
        { "github-token", "ghp_0123456789abcdefghijABCDEFGHIJ012345", 8 },
        { "github-fine-grained-token", "github_pat_0123456789abcdefghij", 15 },
        { "proofgate-key", "pgk_live_a1B2c3D4_0123456789", 19 },
        { "private-key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE", 31 },
        { "us-ssn", "054-28-6917", 6 },
        { "ipv4", "86.121.97.248", "86.121.9".Length },
        { "phone-e164", "+447700900123", 7 },
    };

    [Theory]
    [MemberData(nameof(Beginnings))]
    public void Beginning_IsRedacted_OnlyWhenTheTextIsCutPastTheSensitivePrefix(string id, string value, int sensitiveFrom)
    {
        var rule = ShippedRules.Get(id);
        var plan = new RedactionPlan(ShippedRules.Only(rule));
        for (var length = 1; length <= value.Length; length++)
        {
            var text = "It is " + value[..length];
            var expected = length < sensitiveFrom ? text : $"It is [{rule.Kind}]";
            Assert.Equal(expected, Redactor.RedactWhole(plan, text, TextEnd.CutShort));
            Assert.Equal(expected, Pieces.Redact(plan, text, TextEnd.CutShort));
        }
    }

    [Theory]
    [MemberData(nameof(RuleExampleTests.Ids), MemberType = typeof(RuleExampleTests))]
    public void AllButTheLastCharacter_IsRedacted_WhenTheTextIsCut(string id)
    {
        var rule = ShippedRules.Get(id);
        var plan = new RedactionPlan(ShippedRules.Only(rule));
        // The longest: the shortest addresses have hardly begun one character before their end.
        var example = Example.Parse(rule.Positive.MaxBy(text => text.Length)!);
        var text = example.Before + example.Value[..^1];
        var redacted = Redactor.RedactWhole(plan, text, TextEnd.CutShort);
        Assert.Equal(example.Before + $"[{rule.Kind}]", redacted);
        Assert.Equal(redacted, Pieces.Redact(plan, text, TextEnd.CutShort));
    }

    [Theory]
    [InlineData("john.smith@example")]
    [InlineData("4111 1111 1111 111")]
    [InlineData("GB29NWBK6016133192681")]
    [InlineData("sk-ant-0123456789")]
    [InlineData("054-28-691")]
    [InlineData("86.121.97.")]
    public void IncompleteValue_IsNoValue_WhenTheTextFinished(string text)
    {
        Assert.Same(text, Redactor.RedactWhole(ShippedRules.MaskAll, text, TextEnd.Finished));
        Assert.NotEqual(text, Redactor.RedactWhole(ShippedRules.MaskAll, text, TextEnd.CutShort));
    }

    [Theory]
    [InlineData("redis://:p%40ss@cache.internal-", "[URL_CREDENTIALS]")]
    [InlineData("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.", "[JWT]")]
    public void RunThatIsBetweenTwoEnds_IsRedactedToTheCut(string text, string expected)
    {
        Assert.Equal(expected, Redactor.RedactWhole(ShippedRules.MaskAll, text, TextEnd.CutShort));
        for (var cut = 0; cut < text.Length; cut++)
            Assert.Equal(expected, Pieces.Redact(new SlotRedactor(ShippedRules.MaskAll), text, [cut], TextEnd.CutShort, expected));
    }

    [Fact]
    public void CompleteText_IsLeftAlone_WhenItIsCutAfterProse()
    {
        const string Text = "The meeting is on the 14th of May 2026, in room 12 of the well-known";
        Assert.Same(Text, Redactor.RedactWhole(ShippedRules.MaskAll, Text, TextEnd.CutShort));
        Assert.Equal(Text, Pieces.Redact(ShippedRules.MaskAll, Text, TextEnd.CutShort));
    }
}
