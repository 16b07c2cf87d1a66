using System.Globalization;
using System.Text;
using Proofgate.Cedar.Tests.Support;
using Xunit.Abstractions;

namespace Proofgate.Cedar.Tests.Syntax;

/// <summary>Mutated policies, policy JSON and entities, on a thread with a sixth of the usual stack: whatever they are, there is a result, and what is
/// accepted can be evaluated, written, read back and formatted.</summary>
[Trait("Category", "Heavy")]
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly string[] Policies =
    [
        "@id(\"a\") permit(principal in Group::\"staff\", action in [Action::\"view\"], resource is Photo) when { principal.level > 3 && context has nested.inner };",
        "forbid(principal == ?principal, action, resource in ?resource) unless { [1, \"a\", {b: -2}].containsAny(context.tags) };",
        "permit(principal, action, resource) when { if context.name like \"Z*\\u{e9}\" then ip(\"10.0.0.1/8\").isLoopback() else decimal(\"1.5\").lessThan(decimal(\"2.0\")) };",
        "permit(principal, action, resource) when { principal.getTag(\"team\") == \"red\" || datetime(\"2024-10-15\").offset(duration(\"1d\")) >= datetime(\"2024-10-16\") };",
    ];

    private static readonly string[] Entities =
    [
        """[{"uid":{"type":"User","id":"alice"},"attrs":{"level":5,"manager":{"__entity":{"type":"User","id":"bob"}},"ip":{"__extn":{"fn":"ip","arg":"10.0.0.1"}}},"parents":[{"type":"Group","id":"staff"}],"tags":{"team":"red"}}]""",
        """[{"uid":{"type":"A","id":"0"},"attrs":{},"parents":[{"type":"A","id":"1"}]},{"uid":{"type":"A","id":"1"},"attrs":{},"parents":[{"type":"A","id":"2"}]},{"uid":{"type":"A","id":"2"},"attrs":{"s":[1,[2,{"r":true}],"x"]},"parents":[]}]""",
    ];

    private static readonly string[] TextFragments =
    [
        "(", ")", "[", "]", "{", "}", "\"", "\\", "'", "::", ":", ";", ",", ".", "@", "?", "==", "=", "!", "-", "&&", "||", "&", "*", "//", "\n", "\r", "\0",
        "if", "then", "else", "in", "is", "has", "like", "true", "principal", "context", "ip(", "__cedar", "9223372036854775808", "\\u{", "é", "\ud83d", "\uffff",
        "// a comment\n", "permit(principal, action, resource);",
    ];

    private static readonly string[] JsonFragments =
    [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "null", "true", "-9223372036854775808", "9223372036854775808", "1e9", "1.0", "\"\\ud800\"", "\"__entity\"", "\"__extn\"",
        "\"Value\"", "\"Record\"", "\"Set\"", "\"&&\"", "{\"Value\":1}", "{\"Var\":\"principal\"}", "{\"Slot\":\"?principal\"}", "\"type\"", "\"id\"", "\"fn\":\"ip\"", "\"args\":[]", "\u0000",
    ];

    private static readonly (string, string)[] TextNests = [("(", ")"), ("[", "]"), ("{a: ", "}"), ("if true then ", " else 1"), ("!(", ")"), ("1 + ", ""), ("", ".a"), ("true && ", ""), ("", " || true")];

    private static readonly (string, string)[] JsonNests =
    [
        ("[", "]"), ("{\"a\":", "}"), ("{\"!\":{\"arg\":", "}}"), ("{\"&&\":{\"left\":", ",\"right\":{\"Value\":true}}}"), ("{\"&&\":{\"right\":", ",\"left\":{\"Value\":true}}}"),
        ("{\"__entity\":", "}"), ("{\"__extn\":{\"fn\":\"offset\",\"args\":[", "]}}"), ("{\"Set\":[", "]}"), ("{\"Value\":[", "]}"),
    ];

    [Fact]
    public void PolicyText_GivesAResult_HoweverMutated()
    {
        var random = new Random(20241015);
        var accepted = Run(4_000, () =>
        {
            var text = Mutation.Of(Policies[random.Next(Policies.Length)], random, TextFragments, TextNests);
            switch (PolicySet.Parse(text))
            {
                case PolicySetResult.Parsed { Policies: var set }:
                    set.Evaluate(Make.Request, Make.Entities);
                    Check(set);
                    var formatted = Assert.IsType<FormatResult.Formatted>(PolicyFormatter.Format(text));
                    Assert.Equal(formatted, PolicyFormatter.Format(formatted.Text));
                    return true;
                case PolicySetResult.Failed { Errors: var errors }:
                    Assert.All(errors, error => Assert.InRange(error.Position!.Value.Offset, 0, text.Length));
                    Assert.IsType<FormatResult.Failed>(PolicyFormatter.Format(text));
                    return false;
                default:
                    throw new InvalidOperationException();
            }
        });

        output.WriteLine($"Fuzz of policy text: {accepted} still policies.");
        Assert.NotEqual(0, accepted);
    }

    [Fact]
    public void PolicyJson_GivesAResult_HoweverMutated()
    {
        var random = new Random(20241016);
        var seeds = Policies.Select(text => PolicyJson.Write(Make.Policies(text))).ToArray();
        var accepted = Run(4_000, () =>
        {
            var json = Mutation.Of(seeds[random.Next(seeds.Length)], random, JsonFragments, JsonNests);
            switch (PolicyJson.Parse(json))
            {
                case PolicySetResult.Parsed { Policies: var set }:
                    set.Evaluate(Make.Request, Make.Entities);
                    Check(set);
                    return true;
                case PolicySetResult.Failed { Errors: var errors }:
                    Assert.All(errors, error => Assert.InRange(error.ToString().Length, 1, 2_000));
                    return false;
                default:
                    throw new InvalidOperationException();
            }
        });

        output.WriteLine($"Fuzz of policy JSON: {accepted} still policies.");
        Assert.NotEqual(0, accepted);
    }

    [Fact]
    public void Entities_GiveAResult_HoweverMutated()
    {
        var random = new Random(20241017);
        var set = Make.Policies(string.Concat(Policies));
        var accepted = Run(6_000, () =>
        {
            switch (CedarJson.ParseEntities(Mutation.Of(Entities[random.Next(Entities.Length)], random, JsonFragments, JsonNests)))
            {
                case EntitiesResult.Loaded { Entities: var entities }:
                    set.Evaluate(Make.Request, entities);
                    Assert.IsType<EntitiesResult.Loaded>(CedarJson.ParseEntities(CedarJson.Write(entities.All)));
                    return true;
                case EntitiesResult.Failed { Errors: var errors }:
                    Assert.All(errors, error => Assert.InRange(error.ToString().Length, 1, 2_000));
                    return false;
                default:
                    throw new InvalidOperationException();
            }
        });

        output.WriteLine($"Fuzz of entities: {accepted} still entities.");
        Assert.NotEqual(0, accepted);
    }

    /// <summary>Also with cycles, chains, and far more parents than entities.</summary>
    [Fact]
    public void Hierarchy_IsClosedOrRefused_WhateverItsShape()
    {
        var random = new Random(20241018);
        var accepted = Run(300, () =>
        {
            var (count, mostParents, isForward) = (random.Next(1, 400), random.Next(1, 30), random.Next(2) == 0);
            var entities = Enumerable.Range(0, count).Select(n => new Entity(Named(n))
            {
                Parents = [.. Enumerable.Range(0, random.Next(mostParents)).Select(_ => Named(isForward ? n + 1 + random.Next(3) : random.Next(count)))],
            }).ToArray();
            if (Cedar.Entities.Load(entities) is not EntitiesResult.Loaded { Entities: var loaded })
            {
                Assert.False(isForward);
                return false;
            }

            var (from, to) = (Named(random.Next(count)), Named(random.Next(count)));
            Assert.DoesNotContain(from, loaded.Ancestors(from));
            Assert.Equal(Reaches(entities, from, to), loaded.IsIn(from, to));
            return true;
        });

        output.WriteLine($"Fuzz of hierarchies: {accepted} without a cycle.");
        Assert.NotEqual(0, accepted);
    }

    /// <summary>The rounds that gave true.</summary>
    private int Run(int few, Func<bool> round) => Threads.OnStack(Threads.Small, () => (object)Rounds.Of(few, output).Count(_ => round())) is int count ? count : 0;

    /// <summary>Half a surrogate pair can stand in policy text, but not in JSON.</summary>
    private static void Check(PolicySet set)
    {
        try
        {
            PolicyJson.Write(set);
        }
        catch (EncoderFallbackException)
        {
            return;
        }
        catch (InsufficientExecutionStackException)
        {
            // Told, and the process lives.
        }

        Threads.OnStack(Threads.Large, () =>
        {
            var json = PolicyJson.Write(set);
            var again = PolicyJson.Parse(json);
            Assert.True(again is PolicySetResult.Parsed, (again as PolicySetResult.Failed)?.Errors[0].ToString());
            Assert.Equal(json, PolicyJson.Write(((PolicySetResult.Parsed)again).Policies));
            return set;
        });
    }

    private static bool Reaches(Entity[] entities, EntityUid from, EntityUid to)
    {
        var byUid = entities.ToDictionary(e => e.Uid);
        var (seen, open) = (new HashSet<EntityUid>(), new Stack<EntityUid>([from]));
        while (open.TryPop(out var uid))
        {
            if (uid == to)
                return true;
            if (seen.Add(uid) && byUid.TryGetValue(uid, out var entity))
            {
                foreach (var parent in entity.Parents)
                    open.Push(parent);
            }
        }

        return false;
    }

    private static EntityUid Named(int number) => new("E", number.ToString(CultureInfo.InvariantCulture));
}
