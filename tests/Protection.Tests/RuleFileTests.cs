using System.Security.Cryptography;
using System.Text;
using Proofgate.Protection.Automata;
using Proofgate.Protection.Rules;
using Proofgate.Protection.Tests.Support;
using Xunit.Abstractions;

namespace Proofgate.Protection.Tests;

/// <summary>A rule file that cannot keep its promises does not load.</summary>
public sealed class RuleFileTests(ITestOutputHelper output)
{
    private static readonly RuleEntry Valid = new()
    {
        Id = "test",
        Kind = "TEST",
        Version = 1,
        Pattern = "x[0-9]{2,4}",
        After = "[0-9]",
        Needle = "[0-9]",
        MaxLength = 5,
        Positive = ["x12"],
        Negative = ["x1"],
    };

    [Fact]
    public void ShippedRules_HaveTheDigestOfTheirFile_AndTheKindsOfTheSpecification()
    {
        var rules = RuleSet.Default;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(RuleFile.ReadEmbedded())), rules.Digest);
        Assert.Equal(
            [
                "API_KEY", "CONNECTION_STRING", "CRYPTO_ADDRESS", "DATE_OF_BIRTH", "EMAIL_ADDRESS", "IBAN", "IP_ADDRESS", "JWT", "MAC_ADDRESS",
                "NATIONAL_ID", "PAYMENT_CARD", "PHONE_NUMBER", "PRIVATE_KEY", "PROOFGATE_KEY", "SECRET", "URL_CREDENTIALS", "US_SSN",
            ],
            rules.Kinds.Select(kind => kind.Name).Order(StringComparer.Ordinal));
        output.WriteLine($"{rules.Rules.Count} rules, {rules.Automaton.StateCount} states, {rules.Automaton.ClassCount} classes");
        Assert.InRange(rules.Automaton.StateCount, 1000, 20_000);
    }

    [Fact]
    public void Rule_Loads_AndRedacts()
    {
        var rules = ShippedRules.Only(Valid);
        Assert.Equal("[TEST] x1", Redactor.RedactWhole(new RedactionPlan(rules), "x1234 x1", TextEnd.Finished));
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { "kind", "is no name of a kind" }, { "validator", "no validator" }, { "length", "has 5 characters, not 9" },
        { "endless", "may only end" },
        { "needle", "without its needle" }, { "pattern", "must be escaped" }, { "class", "not one character class" },
        { "until", "neither" }, { "twice", "same id" },
        { "mixed", "is not certain" }, { "leads", "Only one rule may have a lead" }, { "lead", "can have no context" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Rule_IsRefusedWithAReason_WhenItIsWrong(string how, string reason)
    {
        RuleEntry[] rules = how switch
        {
            "kind" => [Valid with { Kind = "test" }],
            "validator" => [Valid with { Validator = "none" }],
            "length" => [Valid with { MaxLength = 9 }],
            "endless" => [Valid with { Pattern = "x[0-9]*" }],
            "needle" => [Valid with { Needle = "[y]" }],
            "pattern" => [Valid with { Pattern = "x." }],
            "class" => [Valid with { Before = "ab" }],
            "until" => [Valid with { Until = "y" }],
            "mixed" => [Valid with { Context = "n[ x]{1,3}" }],
            "leads" => [Valid with { Lead = "[a]", LeadFirst = "[a]", After = "[b]", MaxLength = 69 }, Valid with { Id = "two", Lead = "[a]", LeadFirst = "[a]", MaxLength = 69 }],
            "lead" => [Valid with { Lead = "[a]", LeadFirst = "[a]", Context = "b", MaxLength = 69 }],
            _ => [Valid, Valid],
        };
        Assert.Contains(reason, Assert.Throws<InvalidDataException>(() => ShippedRules.Only(rules)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"format":2,"rules":[]}""")]
    [InlineData("""{"format":1,"rules":[],"more":1}""")]
    [InlineData("""{"format":1,"rules":null}""")]
    public void File_IsRefused_WhenItIsNoRuleFile(string json) =>
        Assert.Throws<InvalidDataException>(() => RuleSet.Load(Encoding.UTF8.GetBytes(json)));

    [Theory]
    [InlineData("a.b")]
    [InlineData("^a")]
    [InlineData("a$")]
    [InlineData("(a)")]
    [InlineData("(?:a")]
    [InlineData("a)")]
    [InlineData("[^a]")]
    [InlineData("[a")]
    [InlineData("[z-a]")]
    [InlineData("\\d")]
    [InlineData("\\u12")]
    [InlineData("a{")]
    [InlineData("a{2,1}")]
    [InlineData("a{99999}")]
    [InlineData("*a")]
    [InlineData("a**")]
    [InlineData("a+?")]
    [InlineData("(?:a(?#sensitive)b)")]
    public void Pattern_IsRefused_OutsideTheSubset(string pattern) => Assert.Throws<FormatException>(() => PatternParser.Parse(pattern));
}
