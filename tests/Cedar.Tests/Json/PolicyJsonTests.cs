using System.Text;
using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests.Json;

public sealed class PolicyJsonTests
{
    private const int Deep = 4_000;

    [Theory]
    [InlineData("true", """{"Value":true}""")]
    [InlineData("-9223372036854775808", """{"Value":-9223372036854775808}""")]
    [InlineData("-(1)", """{"neg":{"arg":{"Value":1}}}""")]
    [InlineData("N::T::\"é\\n\"", """{"Value":{"__entity":{"id":"é\n","type":"N::T"}}}""")]
    [InlineData("!true", """{"!":{"arg":{"Value":true}}}""")]
    [InlineData("1 - 2 - 3", """{"-":{"left":{"-":{"left":{"Value":1},"right":{"Value":2}}},"right":{"Value":3}}}""")]
    [InlineData("true && false && true || false", """{"||":{"left":{"&&":{"left":{"&&":{"left":{"Value":true},"right":{"Value":false}}},"right":{"Value":true}}},"right":{"Value":false}}}""")]
    [InlineData("true && (false && true)", """{"&&":{"left":{"Value":true},"right":{"&&":{"left":{"Value":false},"right":{"Value":true}}}}}""")]
    [InlineData("principal is N::T in action", """{"is":{"entity_type":"N::T","in":{"Var":"action"},"left":{"Var":"principal"}}}""")]
    [InlineData("resource is T", """{"is":{"entity_type":"T","left":{"Var":"resource"}}}""")]
    [InlineData("context has a.b.c", """{"has":{"attr":["a","b","c"],"left":{"Var":"context"}}}""")]
    [InlineData("context has \"a b\"", """{"has":{"attr":"a b","left":{"Var":"context"}}}""")]
    [InlineData("context.a[\"if\"]", """{".":{"attr":"if","left":{".":{"attr":"a","left":{"Var":"context"}}}}}""")]
    [InlineData("\"x\" like \"*a\\*b**\"", """{"like":{"left":{"Value":"x"},"pattern":["Wildcard",{"Literal":"a*b"},"Wildcard","Wildcard"]}}""")]
    [InlineData("\"x\" like \"\"", """{"like":{"left":{"Value":"x"},"pattern":[]}}""")]
    [InlineData("if true then 1 else 2", """{"if-then-else":{"else":{"Value":2},"if":{"Value":true},"then":{"Value":1}}}""")]
    [InlineData("[1, {b: 2, \"a\": []}]", """{"Set":[{"Value":1},{"Record":{"a":{"Set":[]},"b":{"Value":2}}}]}""")]
    [InlineData("ip(\"x\").isInRange(context)", """{"isInRange":[{"ip":[{"Value":"x"}]},{"Var":"context"}]}""")]
    [InlineData("[].isEmpty()", """{"isEmpty":{"arg":{"Set":[]}}}""")]
    [InlineData("principal.hasTag(\"a\")", """{"hasTag":{"left":{"Var":"principal"},"right":{"Value":"a"}}}""")]
    [InlineData("principal in [action]", """{"in":{"left":{"Var":"principal"},"right":{"Set":[{"Var":"action"}]}}}""")]
    public void Expression_IsWrittenAndRead(string text, string body)
    {
        var policy = Make.Policies($"permit(principal, action, resource) when {{ {text} }};").Policies[0];
        var json = $$$"""{"action":{"op":"All"},"conditions":[{"body":{{{body.Replace("\n", "\\n", StringComparison.Ordinal)}}},"kind":"when"}],"effect":"permit","principal":{"op":"All"},"resource":{"op":"All"}}""";

        Assert.Equal(json, PolicyJson.Write(policy));
        Assert.Equal(json, PolicyJson.Write(Read(json)));
    }

    [Theory]
    [InlineData("principal == U::\"a\"", """{"entity":{"id":"a","type":"U"},"op":"=="}""")]
    [InlineData("principal in ?principal", """{"op":"in","slot":"?principal"}""")]
    [InlineData("principal is U", """{"entity_type":"U","op":"is"}""")]
    [InlineData("principal is U in G::\"g\"", """{"entity_type":"U","in":{"entity":{"id":"g","type":"G"}},"op":"is"}""")]
    [InlineData("principal is U in ?principal", """{"entity_type":"U","in":{"slot":"?principal"},"op":"is"}""")]
    public void Scope_IsWrittenAndRead(string text, string constraint)
    {
        var set = Make.Policies($"@a @b(\"x\") forbid({text}, action in [Action::\"x\", Action::\"y\"], resource) unless {{ true }};");
        var policy = set.Policies.Concat(set.Templates).Single();
        var json = """{"action":{"entities":[{"id":"x","type":"Action"},{"id":"y","type":"Action"}],"op":"in"},"annotations":{"a":"","b":"x"},"conditions":[{"body":{"Value":true},"kind":"unless"}],"effect":"forbid","principal":""" + constraint + ""","resource":{"op":"All"}}""";

        Assert.Equal(json, PolicyJson.Write(policy));
        Assert.Equal(json, PolicyJson.Write(Read(json)));
    }

    [Fact]
    public void Set_IsWrittenAndRead_WithTemplatesAndLinks()
    {
        var set = Assert.IsType<LinkResult.Linked>(
            Make.Policies("@id(\"t\") permit(principal == ?principal, action, resource in ?resource); @id(\"s\") permit(principal, action, resource);", PolicyNaming.ByAnnotation)
                .Link(new TemplateLink("t", "l") { Principal = new("A", "x"), Resource = new("B", "y") })).Policies;

        var json = PolicyJson.Write(set);
        Assert.Equal("""{"staticPolicies":{"s":{"action":{"op":"All"},"annotations":{"id":"s"},"conditions":[],"effect":"permit","principal":{"op":"All"},"resource":{"op":"All"}}},"templateLinks":[{"newId":"l","templateId":"t","values":{"?principal":{"id":"x","type":"A"},"?resource":{"id":"y","type":"B"}}}],"templates":{"t":{"action":{"op":"All"},"annotations":{"id":"t"},"conditions":[],"effect":"permit","principal":{"op":"==","slot":"?principal"},"resource":{"op":"in","slot":"?resource"}}}}""", json);
        var again = Assert.IsType<PolicySetResult.Parsed>(PolicyJson.Parse(json)).Policies;
        Assert.Equal(json, PolicyJson.Write(again));
        Assert.Equal(set.Policies[^1].Link, again.Policies[^1].Link);
    }

    [Theory]
    [InlineData("""{"Value":[1,{"a b":{"__entity":{"type":"T","id":"x"}}},{"__extn":{"fn":"ip","arg":"10.0.0.1"}}]}""", "[1, {\"a b\": T::\"x\"}, ip(\"10.0.0.1\")]")]
    [InlineData("""{"Value":{"__extn":{"fn":"offset","args":[{"__extn":{"fn":"datetime","arg":"1970-01-01"}},{"__extn":{"fn":"duration","arg":"1ms"}}]}}}""", "datetime(\"1970-01-01\").offset(duration(\"1ms\"))")]
    [InlineData("""{"Value":{"__extn":{"fn":"ip","arg":"x"}}}""", "ip(\"x\")")]
    [InlineData("""{"like":{"left":{"Value":"x"},"pattern":[{"Literal":"a"},{"Literal":"b"},"Wildcard"]}}""", "\"x\" like \"ab*\"")]
    [InlineData("""{"is":{"left":{"Var":"principal"},"entity_type":"A","in":null}}""", "principal is A")]
    public void Expression_IsRead_HoweverItIsSaid(string body, string text) =>
        Assert.Equal(PolicyJson.Write(Make.Policies($"permit(principal, action, resource) when {{ {text} }};").Policies[0]), PolicyJson.Write(Read(When(body))));

    [Theory]
    [InlineData("""{"Slot":"?principal"}""", "conditions[0].body.Slot", "scope only")]
    [InlineData("""{"Value":null}""", "conditions[0].body.Value", "null")]
    [InlineData("""{"Value":1.5}""", "conditions[0].body.Value", "64-bit")]
    [InlineData("""{"Value":9223372036854775808}""", "conditions[0].body.Value", "64-bit")]
    [InlineData("""{"Value":{"__entity":{"type":"a b","id":"x"}}}""", "conditions[0].body.Value.__entity", "path of identifiers")]
    [InlineData("""{"Value":{"a":1,"a":2}}""", "conditions[0].body.Value", "twice")]
    [InlineData("""{"Value":1,"Var":"principal"}""", "conditions[0].body", "one name")]
    [InlineData("{}", "conditions[0].body", "one name")]
    [InlineData("[]", "conditions[0].body", "an array")]
    [InlineData("""{"Var":"you"}""", "conditions[0].body.Var", "variable")]
    [InlineData("""{"==":{"left":{"Value":1}}}""", "conditions[0].body.==", "`right` is missing")]
    [InlineData("""{"==":{"left":{"Value":1},"right":{"Value":1},"x":1}}""", "conditions[0].body.==", "unknown name")]
    [InlineData("""{"&&":{"left":{"&&":{"left":{"Value":1},"right":{"Var":"x"}}},"right":{"Value":1}}}""", "conditions[0].body.&&.left.&&.right.Var", "variable")]
    [InlineData("""{"&&":{"left":{"&&":{"left":{"Value":1},"right":{"Value":1}}},"right":{"Var":"x"}}}""", "conditions[0].body.&&.right.Var", "variable")]
    [InlineData("""{"isInrange":[]}""", "conditions[0].body.isInrange", "no such operator or function")]
    [InlineData("""{"isInRange":[]}""", "conditions[0].body.isInRange", "called on nothing")]
    [InlineData("""{"has":{"left":{"Var":"context"},"attr":[]}}""", "conditions[0].body.has.attr", "empty")]
    [InlineData("""{"like":{"left":{"Var":"context"},"pattern":"a*"}}""", "conditions[0].body.like.pattern", "expected an array")]
    [InlineData("""{"like":{"left":{"Var":"context"},"pattern":["a"]}}""", "conditions[0].body.like.pattern[0]", "Wildcard")]
    [InlineData("""{"Set":[{"Value":1},{"Foo":1}]}""", "conditions[0].body.Set[1].Foo", "no such operator")]
    [InlineData("""{"Record":{"a":{"Value":1},"a":{"Value":1}}}""", "conditions[0].body.Record", "twice")]
    [InlineData("""{"is":{"left":{"Var":"context"},"entity_type":"a b"}}""", "conditions[0].body.is.entity_type", "path of identifiers")]
    [InlineData("""{"Value":"\ud800"}""", "conditions[0].body.Value", "Unicode")]
    public void Fault_IsFound_WithItsPath(string body, string path, string message)
    {
        var error = Assert.Single(Assert.IsType<PolicyResult.Failed>(PolicyJson.ParsePolicy(When(body), "p", "p.json")).Errors);

        Assert.Equal((path, "p.json"), (error.Path, error.FileName));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"staticPolicies":{"a":{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"}}}}""", "staticPolicies.a", "`conditions` is missing")]
    [InlineData("""{"staticPolicies":{"a":{"effect":"allow","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}}}""", "staticPolicies.a.effect", "permit")]
    [InlineData("""{"staticPolicies":{"a":{"effect":"permit","principal":{"op":"==","slot":"?principal"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}}}""", "staticPolicies.a", "slot")]
    [InlineData("""{"templates":{"a":{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}}}""", "templates.a", "no slot")]
    [InlineData("""{"templates":{"a":{"effect":"permit","principal":{"op":"==","slot":"?resource"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}}}""", "templates.a.principal", "?principal")]
    [InlineData("""{"staticPolicies":{"a":{"effect":"permit","principal":{"op":"All"},"action":{"op":"==","slot":"?action"},"resource":{"op":"All"},"conditions":[]}}}""", "staticPolicies.a.action", "unknown name")]
    [InlineData("""{"staticPolicies":{"a":{"effect":"permit","principal":{"op":"All"},"action":{"op":"==","entity":{"type":"T","id":"x"}},"resource":{"op":"All"},"conditions":[]}}}""", "staticPolicies.a.action.entity", "not a type of actions")]
    [InlineData("""{"staticPolicies":{"a":{"effect":"permit","principal":{"op":"like"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[]}}}""", "staticPolicies.a.principal", "no such operator")]
    [InlineData("""{"staticPolicies":{"a":{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[],"annotations":{"a b":"x"}}}}""", "staticPolicies.a.annotations", "identifier")]
    [InlineData("""{"templateLinks":[{"templateId":"t","newId":"n","values":{}}]}""", "templateLinks[0]", "there is no template")]
    [InlineData("""{"templateLinks":[{"templateId":"t","newId":"n","values":{"?action":{"type":"A","id":"x"}}}]}""", "templateLinks[0].values", "unknown name")]
    [InlineData("""{"policies":{}}""", "", "unknown name")]
    [InlineData("""{"staticPolicies":[]}""", "staticPolicies", "from id to policy")]
    public void Fault_OfASet_IsFound_WithItsPath(string json, string path, string message)
    {
        var error = Assert.Single(Assert.IsType<PolicySetResult.Failed>(PolicyJson.Parse(json)).Errors);

        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Set_IsRefused_WhenAnIdOccursTwice()
    {
        var policy = When("""{"Value":true}""");
        var template = policy.Replace("""
            "principal":{"op":"All"}
            """.Trim(), """
            "principal":{"op":"==","slot":"?principal"}
            """.Trim(), StringComparison.Ordinal);

        foreach (var json in new[] { $$$"""{"staticPolicies":{"a":{{{policy}}},"a":{{{policy}}}}}""", $$$"""{"staticPolicies":{"a":{{{policy}}}},"templates":{"a":{{{template}}}}}""" })
            Assert.Contains("occurs twice", Assert.IsType<PolicySetResult.Failed>(PolicyJson.Parse(json)).Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Chain_IsRead_FarBeyondTheHeightOfItsNesting()
    {
        var text = "true" + new StringBuilder().Insert(0, " && true", 4_000);
        var json = PolicyJson.Write(Make.Policies($"permit(principal, action, resource) when {{ {text} }};"));

        var set = Threads.OnStack(Threads.Small, () => Assert.IsType<PolicySetResult.Parsed>(PolicyJson.Parse(json)).Policies);
        Assert.True(set.Evaluate(Make.Request, Make.Entities).Allowed);
        Assert.Equal(json, PolicyJson.Write(set));
    }

    [Theory]
    [InlineData("""{"!":{"arg":""", """{"Value":true}""", "}}")]
    [InlineData("""{"&&":{"right":""", """{"Value":true}""", ""","left":{"Value":true}}}""")]
    [InlineData("""{"Set":[""", """{"Value":true}""", "]}")]
    [InlineData("""{"Value":[""", "1", "]}")]
    [InlineData("""{"ip":[""", """{"Value":true}""", "]}")]
    [InlineData("""{"==":{"left":""", """{"Value":true}""", ""","right":{"Value":1}}}""")]
    public void Nesting_IsRefused_BeyondTheHeight(string open, string middle, string close)
    {
        var json = When(new StringBuilder().Insert(0, open, Deep).Append(middle).Insert(open.Length * Deep + middle.Length, close, Deep).ToString());

        var failed = Threads.OnStack(Threads.Small, () => Assert.IsType<PolicyResult.Failed>(PolicyJson.ParsePolicy(json, "p")));
        Assert.InRange(failed.Errors[0].ToString().Length, 1, 1_500);
    }

    [Fact]
    public void Document_IsRefused_WhenItsParserWouldTakeTooLong()
    {
        var nest = new string('[', 10_000) + new string(']', 10_000);

        var failed = Assert.IsType<PolicySetResult.Failed>(PolicyJson.Parse($"[{string.Join(',', Enumerable.Repeat(nest, 100))}]"));
        Assert.Contains("too large for how deep", failed.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_IsRefused_NestedBeyondTheHeight()
    {
        var json = When($$"""{"Value":{{new string('[', Deep)}}1{{new string(']', Deep)}}}""");

        Assert.Contains("operators deep", Threads.OnStack(2 * Threads.Windows, () => Assert.IsType<PolicyResult.Failed>(PolicyJson.ParsePolicy(json, "p"))).Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Entity_IsRefused_HoweverOftenItIsEscaped()
    {
        var json = When(new StringBuilder("{\"Value\":").Insert(9, "{\"__entity\":", Deep).Append('1').Append('}', Deep + 1).ToString());

        Threads.OnStack(Threads.Small, () => Assert.IsType<PolicyResult.Failed>(PolicyJson.ParsePolicy(json, "p")));
    }

    private static string When(string body) =>
        $$"""{"effect":"permit","principal":{"op":"All"},"action":{"op":"All"},"resource":{"op":"All"},"conditions":[{"kind":"when","body":{{body}}}]}""";

    private static Policy Read(string json) => PolicyJson.ParsePolicy(json, "policy0") switch
    {
        PolicyResult.Parsed parsed => parsed.Policy,
        PolicyResult.Failed failed => throw new ArgumentException(string.Join("; ", failed.Errors)),
        _ => throw new InvalidOperationException(),
    };
}
