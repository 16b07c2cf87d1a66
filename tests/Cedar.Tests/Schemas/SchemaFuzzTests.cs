using System.Text;
using Proofgate.Cedar.Tests.Support;
using Proofgate.Support;
using Xunit.Abstractions;

namespace Proofgate.Cedar.Tests.Schemas;

/// <summary>Mutated schemas in both forms: whatever they are, there is a result with its place, and what is accepted validates policies.</summary>
public sealed class SchemaFuzzTests(ITestOutputHelper output)
{
    private const int Rounds = 100_000;

    private static readonly string[] Seeds =
    [
        "namespace N { entity User in [Group] { name: String, age?: Long, ip: ipaddr, c: Ctx } tags Set<decimal>; entity Group in [Group]; type Ctx = { a: Bool, b?: { c: datetime } }; action read, \"write it\" in [all, Action::\"other\"] appliesTo { principal: [User], resource: [Group, User], context: Ctx }; action all; action other; }",
        "@doc(\"x\") entity A enum [\"a\", \"b\"]; entity B in A = { \"q r\": __cedar::String, x: A } tags A; action go appliesTo { principal: B, resource: [A], context: { d: duration, s: Set<Set<Long>>, }, } attributes {};",
        "type X = { a: Y, z: Y }; type Y = Set<Z>; type Z = { e: E }; entity E, F in [E, F] { x: X, y?: Y }; action \"a\" appliesTo { principal: [E,F], resource: [E], context: X }; action b in [\"a\"];",
    ];

    private static readonly string[] JsonSeeds =
    [
        """{"N":{"commonTypes":{"C":{"type":"Record","attributes":{"b":{"type":"Boolean"}}}},"entityTypes":{"User":{"memberOfTypes":["Group"],"shape":{"type":"Record","attributes":{"age":{"type":"Long","required":false},"g":{"type":"Set","element":{"type":"EntityOrCommon","name":"Group"}}}},"tags":{"type":"C"}},"Group":{},"Kind":{"enum":["x"]}},"actions":{"read":{"memberOf":[{"id":"all"}],"appliesTo":{"principalTypes":["User"],"resourceTypes":["Group"],"context":{"type":"C"}}},"all":{}}}}""",
    ];

    private static readonly string[] Fragments =
    [
        "{", "}", "[", "]", "<", ">", ";", ",", ":", "::", "?", "@", "=", "\"", "\\", "//", "\n", "\0", "entity ", "in ", "Set<", "type ", "action ", "namespace N {", "appliesTo",
        "principal", "context", "tags ", "enum", "Long", "Action", "__cedar::", "A", "E", "X", "null", "true", "1", "\"type\":", "\"Entity\"", "\"name\":", "é", "\ud83d",
    ];

    private static readonly PolicySet Policies = Make.Policies("""
        permit(principal, action, resource) when { principal has x && context has a && resource in resource && principal.x == context.a };
        permit(principal, action, resource) when { principal.hasTag("t") && principal.getTag("t") == context };
        """);

    [Fact]
    [Trait("Category", "Heavy")]
    public void Schema_GivesAResult_ForAnyMutation()
    {
        var rounds = Counts.Of(Rounds, output);
        var random = new Random(4_05);
        var parsed = Run(rounds, random, Seeds, text => Schema.Parse(text)) + Run(rounds, random, JsonSeeds, text => Schema.ParseJson(text));

        output.WriteLine($"Fuzz: {2 * rounds} schemas, {parsed} still right.");
        Assert.InRange(parsed, 1, 2 * rounds - 1);
    }

    private static int Run(int rounds, Random random, string[] seeds, Func<string, SchemaResult> parse)
    {
        var parsed = 0;
        for (var round = 0; round < rounds; round++)
        {
            var text = Mutate(seeds[random.Next(seeds.Length)], random);
            switch (parse(text))
            {
                case SchemaResult.Parsed { Schema: var schema }:
                    parsed++;
                    Assert.Equal(ValidationMode.Strict, schema.Validate(Policies).Mode);
                    Assert.All(schema.Check(schema.ActionEntities), error => Assert.Fail(error.ToString()));
                    break;
                case SchemaResult.Failed { Errors: var errors }:
                    Assert.InRange(errors.Count, 1, CedarLimits.Errors + 1);
                    Assert.All(errors, error => Assert.True(error.Path is not null || error.Position is { Line: > 0, Column: > 0 }, error.ToString()));
                    break;
            }
        }

        return parsed;
    }

    private static string Mutate(string seed, Random random)
    {
        var text = new StringBuilder(seed);
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(text.Length + 1);
            var length = Math.Min(text.Length - at, random.Next(1, 12));
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(at, length);
                    break;
                case 1:
                    text.Insert(at, Fragments[random.Next(Fragments.Length)]);
                    break;
                case 2:
                    text.Insert(random.Next(text.Length + 1), text.ToString(at, length));
                    break;
                default:
                    text.Remove(at, length).Insert(at, Fragments[random.Next(Fragments.Length)]);
                    break;
            }
        }

        return text.ToString();
    }
}
