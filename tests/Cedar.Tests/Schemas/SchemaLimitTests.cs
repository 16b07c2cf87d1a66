using System.Text;
using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests.Schemas;

/// <summary>Hostile schemas give an error or an answer, on a sixth of the usual stack and without work that multiplies.</summary>
public sealed class SchemaLimitTests
{
    private const int Small = 256 * 1024;
    private const int Many = 100_000;

    [Theory]
    [InlineData("entity A { a: ", "Set<", "Long", ">", " };", "the type is nested more than 200 levels deep")]
    [InlineData("entity A { a: ", "{b:", "Long", "}", " };", "the type is nested more than 200 levels deep")]
    [InlineData("type T = ", "Set<", "", "", "", "the type is nested more than 200 levels deep")]
    [InlineData("", "namespace N {", "", "", "", "a namespace cannot stand inside another (write namespace N::Inner beside it)")]
    [InlineData("", "@a", "", "", "", "the annotation `@a` occurs twice")]
    public void Nesting_IsRefused_BeyondItsLimit(string before, string open, string middle, string close, string after, string error)
    {
        var text = new StringBuilder(before).Insert(before.Length, open, Many).Append(middle).Append(new StringBuilder().Insert(0, close, Many)).Append(after).ToString();

        Assert.Contains(error, Threads.OnStack(Small, () => Failed(text)[0]).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void CommonTypes_AreRefused_WhenTheirChainIsNestedTooDeep()
    {
        var text = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"type T{i} = Set<T{i + 1}>;")) + "type T40000 = Long;";

        Assert.Contains("its common types written out", Threads.OnStack(Small, () => Failed(text)[0]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CommonTypes_AreRead_HoweverLongTheirChainOfAliases()
    {
        var text = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"type T{i} = T{i + 1};")) + "type T40000 = Long; entity A { a: T0 };";

        Assert.Equal(["A"], Threads.OnStack(Small, () => Make.Schema(text)).EntityTypes);
    }

    [Fact]
    public void CommonTypes_AreRefused_WhenTheirCycleIsLong()
    {
        var text = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"type T{i} = T{(i + 1) % 40_000};"));

        Assert.Contains("is part of itself", Threads.OnStack(Small, () => Failed(text)[0]).Message, StringComparison.Ordinal);
    }

    /// <summary>Written out, such a type has 2^60 attributes. Two that differ in one leaf are compared, joined and shown.</summary>
    [Fact]
    public void CommonTypes_CostNoMoreThanTheirText_WhenTheyUseOneAnotherOften()
    {
        static string Doubling(string name, string leaf) =>
            string.Concat(Enumerable.Range(0, 60).Select(i => $"type {name}{i} = {{ x: {name}{i + 1}, y: {name}{i + 1}, z?: Set<{name}{i + 1}> }};")) + $"type {name}60 = {leaf};";

        var schema = Make.Schema(Doubling("A", "{ e: U, l?: Long }") + Doubling("B", "{ e: R, l: Long }") + """
            entity U { a: A0, b: B0, s: Set<A0> }; entity R; action go appliesTo { principal: U, resource: [U, R], context: A0 };
            """);
        var policies = Make.Policies("""
            permit(principal, action, resource) when { principal.a == principal.b || (if principal.a == context then principal.a else principal.b) has x };
            permit(principal, action, resource) when { [principal.a, principal.b].contains(context) && principal.s.contains(principal.b) };
            """);

        Assert.NotEmpty(schema.Validate(policies).Errors);
        Assert.Empty(schema.Validate(policies, ValidationMode.Permissive).Errors);
    }

    [Fact]
    public void Declarations_AreRefused_BeyondTheirNumber()
    {
        var text = "entity " + string.Join(",", Enumerable.Range(0, CedarLimits.Declarations + 1).Select(i => $"E{i}")) + ";";

        Assert.Contains("more than 50000 declarations", Failed(text)[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_IsRefused_BeyondItsLength()
    {
        var text = new string(' ', CedarLimits.SchemaLength + 1);

        Assert.Contains("characters, more than", Failed(text)[0].Message, StringComparison.Ordinal);
        Assert.Contains("bytes, more than", Assert.IsType<SchemaResult.Failed>(Schema.ParseJson(text)).Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hierarchy_IsRefused_WhenTooDense()
    {
        var names = string.Join(",", Enumerable.Range(0, 20_000).Select(i => $"E{i}"));

        Assert.Contains("the hierarchy of entity types is too large", Failed($"entity {names} in [{names}];")[0].Message, StringComparison.Ordinal);
        Assert.Contains("the hierarchy of actions is too large", Failed($"action {names}; action {names.Replace('E', 'F')} in [{names}];")[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hierarchy_IsRead_HoweverLongItsChain()
    {
        var text = string.Concat(Enumerable.Range(0, 1_000).Select(i => $"entity E{i} in [E{i + 1}]; action a{i} in a{i + 1};")) + "entity E1000 in E0; action a1000;";

        Assert.Equal(1_000, Threads.OnStack(Small, () => Make.Schema(text)).ActionEntities.Ancestors(new EntityUid("Action", "a0")).Count);
    }

    [Fact]
    public void Environments_AreRefused_BeyondTheirNumber()
    {
        var names = string.Join(",", Enumerable.Range(0, 10_000).Select(i => $"E{i}"));

        Assert.Contains(
            "actions apply to 1000000000000 combinations",
            Failed($"entity {names}; action {names} appliesTo {{ principal: [{names}], resource: [{names}] }};")[0].Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownNames_AreReported_UpToALimit()
    {
        var text = "entity A { " + string.Concat(Enumerable.Range(0, Many).Select(i => $"a{i}: Type{i},")) + " };" + string.Concat(Enumerable.Range(0, 20_000).Select(i => $"entity Typ{i}e;"));

        Assert.Equal(CedarLimits.Errors, Failed(text).Count);
    }

    [Fact]
    public void Name_IsQuotedShortened_HoweverLong()
    {
        var name = new string('a', Many);

        Assert.All(
            Failed($"entity {name}, {name} in X{name} {{ x: Y{name} }}; action {name} in {name}; type {name} = {name};"),
            error => Assert.InRange(error.ToString().Length, 1, 1_500));
    }

    private static IReadOnlyList<CedarError> Failed(string text) => Assert.IsType<SchemaResult.Failed>(Schema.Parse(text)).Errors;
}
