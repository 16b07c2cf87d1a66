using System.Text.Json.Nodes;
using CsCheck;
using Proofgate.Inference.Dialects;
using Proofgate.Inference.Tests.Support;
using Proofgate.Protection;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Inference.Tests;

/// <summary>What stood behind placeholders comes back after redaction, in the texts and to the tools that policy names, however the answer is cut.</summary>
public sealed class RestorationTests(ITestOutputHelper output)
{
    private static readonly Kind Mail = new("EMAIL_ADDRESS"), Account = new("IBAN"), Address = new("IP_ADDRESS"), Link = new("URL_CREDENTIALS");

    private static readonly PlaceholderMap Map = new(RuleSet.Default, new HashSet<Kind> { Mail, Account, Address, Link });

    private static readonly string MailMark = Map.Protect("a@b.co"), AccountMark = Map.Protect("GB29NWBK60161331926819"), AddressMark = Map.Protect("86.121.97.248"),
        LinkMark = Map.Protect("https://u:p%22a@h.co/");

    /// <summary>The caller may see addresses of people and machines; the tool may have those of people.</summary>
    private static readonly RedactionPlan Plan = new(RuleSet.Default, Mail, Address, Link)
    {
        Restoration = new Restoration(
            Map, new HashSet<Kind> { Mail, Address, Link }, new Dictionary<string, IReadOnlySet<Kind>> { ["send_mail"] = new HashSet<Kind> { Mail } }),
    };

    private static readonly string[] Parts =
    [
        MailMark, AccountMark, AddressMark, LinkMark, MailMark[..9], MailMark[9..], $"[={MailMark[1..]}", $"[={AddressMark[1..]}", "[", "]", "[=", "_1_", "054-28-6917", "GB29NWBK60161331926819",
        "john@example.com", "4111 1111 1111 1111", "the ", "日本語 ", "😀", "\n", "\\", "\"", "{", "\\u0040", "john\\u0040example.com", "054\\u002d28-6917", ". ", " ", "\u200B", "c:\\temp\\new",
    ];

    public static TheoryData<string> Dialects => [.. Talk.Dialects];

    [Theory]
    [MemberData(nameof(Dialects))]
    public void Value_ComesBack_WhereItMay_AndItsMaskWhereItMayNot(string dialect)
    {
        var (text, arguments) = ($"Write to {MailMark} or {AccountMark} at {AddressMark}.", $$"""{"to":"{{MailMark}}","at":"{{AddressMark}}"}""");
        var facts = new AnswerFacts();
        foreach (var told in new[] { Talk.Streamed(dialect, Plan, "send_mail", [text], [arguments], facts), Talk.Whole(dialect, Plan, "send_mail", text, arguments) })
        {
            Assert.Equal("Write to a@b.co or [IBAN] at 86.121.97.248.", told.Text);
            Assert.Equal("""{"to":"a@b.co","at":"[IP_ADDRESS]"}""", told.Arguments);
        }

        Assert.Equal([new("EMAIL_ADDRESS", 2L), new("IP_ADDRESS", 1L)], facts.Restored.ToDictionary());
        Assert.Equal("""{"to":"[EMAIL_ADDRESS]","at":"[IP_ADDRESS]"}""", Talk.Streamed(dialect, Plan, "another_tool", [text], [arguments]).Arguments);
    }

    [Theory]
    [MemberData(nameof(Dialects))]
    public void Look_alike_ComesBackAsItWas_AndGetsNothing(string dialect) => Assert.Equal(
        $"He wrote {MailMark}.", Talk.Streamed(dialect, Plan, "send_mail", [$"He wrote [={MailMark[1..]}."], ["{}"]).Text);

    [Fact]
    public void Value_IsWrittenAsJson_WhereTheTextIsJson()
    {
        var map = new PlaceholderMap(RuleSet.Default, new HashSet<Kind> { new("PRIVATE_KEY") });
        const string key = "-----BEGIN PRIVATE KEY-----\nMIIE\"\\x\n-----END PRIVATE KEY-----";
        var plan = new RedactionPlan(RuleSet.Default, new Kind("PRIVATE_KEY")) { Restoration = new Restoration(map, map.Kinds, new Dictionary<string, IReadOnlySet<Kind>>()) };
        var mark = map.Protect(key);
        foreach (var dialect in Talk.Dialects)
        {
            foreach (var told in new[] { Talk.Streamed(dialect, plan, "f", [$$"""{"key":"{{mark}}"}"""], ["{}"]), Talk.Whole(dialect, plan, "f", $$"""{"key":"{{mark}}"}""", "{}") })
            {
                Assert.Equal(key, (string?)JsonNode.Parse(told.Text)!["key"]);
            }

            Assert.Equal($"It is {key}.", Talk.Streamed(dialect, plan, "f", [$"It is {mark}."], ["{}"]).Text);
        }
    }

    [Fact]
    [Trait("Category", "Heavy")]
    public void Stream_GivesWhatTheWholeGives_HoweverItIsCut() => Gen.Int.Select(Gen.OneOf(Talk.Dialects), Gen.OneOf("send_mail", "another_tool")).Sample(
        sample =>
        {
            var (seed, dialect, tool) = sample;
            var random = new Random(seed);
            var cuts = new Cuts(random);
            var text = (random.Next(3) == 0 ? "{\"a\":\"" : string.Empty) + Random(random);
            var arguments = new JsonObject { ["to"] = Random(random), ["more"] = Random(random) }.ToJsonString();
            var told = Talk.Streamed(dialect, Plan, tool, cuts.Of(text), cuts.Of(arguments));
            var said = new SlotKey(0, SlotField.Content, 0);
            Assert.Equal(AnswerText.Whole(Plan, said, text, TextEnd.Finished, null, Plan.Restoration!.InText, null), told.Text);
            var given = new SlotKey(0, SlotField.ToolArguments, 0);
            Assert.Equal(AnswerText.Whole(Plan, given, arguments, TextEnd.Finished, null, Plan.Restoration.InArgumentsOf(tool), null), told.Arguments);
            Assert.NotNull(JsonNode.Parse(told.Arguments));
            var whole = Talk.Whole(dialect, Plan, tool, text, arguments);
            Assert.Equal(told.Text, whole.Text);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(told.Arguments), JsonNode.Parse(whole.Arguments)), $"{told.Arguments}\n{whole.Arguments}");
        },
        iter: Counts.Of(100_000, output));

    [Theory]
    [Trait("Category", "Heavy")]
    [InlineData("mark")]
    [InlineData("a@b.co \\u0040")]
    [InlineData("""{"a":"x\u0040y.co"}""")]
    [InlineData("""{"a":"\n\/x@y.co"}""")]
    public void EveryWayToCutAShortText_GivesTheSame(string text)
    {
        var map = new PlaceholderMap(RuleSet.Default, new HashSet<Kind> { Account });
        text = text == "mark" ? map.Protect("GB29NWBK60161331926819") : text;
        var plan = new RedactionPlan(RuleSet.Default, Account) { Restoration = new Restoration(map, map.Kinds, new Dictionary<string, IReadOnlySet<Kind>>()) };
        var key = new SlotKey(0, SlotField.Content, 0);
        var expected = AnswerText.Whole(plan, key, text, TextEnd.Finished, null, map.Kinds, null);
        Assert.NotEqual(text, expected);
        var ways = 1 << (text.Length - 1);
        var step = Counts.Full ? 1 : Math.Max(1, ways / 1000) | 1;
        output.WriteLine($"{ways / step} of {ways} ways");
        for (var way = 0; way < ways; way += step)
        {
            var facts = new AnswerFacts();
            var slot = new AnswerSlots(plan, facts).Get(key);
            var told = string.Empty;
            for (var (from, at) = (0, 1); at <= text.Length; at++)
            {
                if (at == text.Length || (way >> (at - 1) & 1) != 0)
                {
                    told += slot.Push(text.AsSpan(from, at - from), at == text.Length ? TextEnd.Finished : null, out _).ToString();
                    Assert.StartsWith(told, expected, StringComparison.Ordinal);
                    from = at;
                }
            }

            Assert.Equal(expected, told);
        }
    }

    private static string Random(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => Parts[random.Next(Parts.Length)]));
}
