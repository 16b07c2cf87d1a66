using Proofgate.Cedar.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Cedar.Tests.Syntax;

/// <summary>Mutated policy texts: whatever they are, the parser gives a result, and what it accepts can be evaluated.</summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Rounds = 200_000;

    private static readonly string[] Seeds =
    [
        "@id(\"a\") permit(principal in Group::\"staff\", action in [Action::\"view\"], resource is Photo) when { principal.level > 3 && context has nested.inner };",
        "forbid(principal == ?principal, action, resource in ?resource) unless { [1, \"a\", {b: -2}].containsAny(context.tags) };",
        "permit(principal, action, resource) when { if context.name like \"Z*\\u{e9}\" then ip(\"10.0.0.1/8\").isLoopback() else decimal(\"1.5\").lessThan(decimal(\"2.0\")) };",
        "permit(principal, action, resource) when { principal.getTag(\"team\") == \"red\" || datetime(\"2024-10-15\").offset(duration(\"1d\")) >= datetime(\"2024-10-16\") };",
    ];

    private static readonly string[] Fragments =
    [
        "(", ")", "[", "]", "{", "}", "\"", "\\", "'", "::", ":", ";", ",", ".", "@", "?", "==", "=", "!", "-", "&&", "||", "&", "*", "//", "\n", "\r", "\0",
        "if", "then", "else", "in", "is", "has", "like", "true", "principal", "context", "ip(", "__cedar", "9223372036854775808", "\\u{", "é", "\ud83d", "\uffff",
    ];

    [Fact]
    [Trait("Category", "Heavy")]
    public void Parser_GivesAResult_ForAnyMutationOfAPolicy()
    {
        var rounds = Counts.Of(Rounds, output);
        var random = new Random(20241015);
        var parsed = 0;
        for (var round = 0; round < rounds; round++)
        {
            var text = Mutate(Seeds[random.Next(Seeds.Length)], random);
            switch (PolicySet.Parse(text))
            {
                case PolicySetResult.Parsed { Policies: var set }:
                    parsed++;
                    set.Evaluate(Make.Request, Make.Entities);
                    break;
                case PolicySetResult.Failed { Errors: var errors }:
                    Assert.All(errors, error => Assert.InRange(error.Position!.Value.Offset, 0, text.Length));
                    break;
            }
        }

        output.WriteLine($"Fuzz: {rounds} texts, {parsed} still policies.");
        Assert.InRange(parsed, 1, rounds - 1);
    }

    private static string Mutate(string text, Random random)
    {
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var at = random.Next(text.Length + 1);
            var end = Math.Min(text.Length, at + random.Next(1, 12));
            text = random.Next(4) switch
            {
                0 => text.Remove(at, end - at),
                1 => text.Insert(at, Fragments[random.Next(Fragments.Length)]),
                2 => text.Insert(random.Next(text.Length + 1), text[at..end]),
                _ => text[..at] + (char)random.Next(0x250) + text[end..],
            };
        }

        return text;
    }
}
