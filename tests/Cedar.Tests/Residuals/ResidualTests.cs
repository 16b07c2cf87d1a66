using Proofgate.Cedar.Residuals;
using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests.Residuals;

public sealed class ResidualTests
{
    private static readonly UnknownEntity Row = new("Row_customers") { Parents = [Make.Uid("Dataset::\"customers\"")] };

    private static readonly PartialRequest Request = new(
        Make.Uid("User::\"alice\""), Make.Uid("Action::\"readRow\""), Row, RecordValue.Of(("label", 2), ("name", "Zoë"), ("tags", SetValue.Of("b", "a"))));

    [Theory]
    [InlineData("permit(principal, action, resource);", "true")]
    [InlineData("permit(principal, action, resource) when { context.label == 2 };", "true")]
    [InlineData("permit(principal, action, resource) when { context.label == 3 };", "false")]
    [InlineData("permit(principal, action, resource in Dataset::\"customers\");", "true")]
    [InlineData("permit(principal, action, resource in Dataset::\"others\");", "false")]
    [InlineData("permit(principal, action, resource is Row_customers in Dataset::\"customers\") when { resource is Row_customers };", "true")]
    [InlineData("permit(principal, action, resource is Row_others) when { resource.x };", "false")]
    [InlineData("permit(principal, action, resource) when { context.absent };", "false")]
    [InlineData("permit(principal, action, resource); forbid(principal, action, resource) when { context.absent };", "false")]
    [InlineData("permit(principal, action, resource) when { resource.x } unless { true };", "false")]
    [InlineData("permit(principal, action, resource) when { resource.x == 1 }; permit(principal, action, resource);", "true")]
    [InlineData("forbid(principal, action, resource) when { resource.x == 1 };", "false")]
    [InlineData("permit(principal, action, resource) when { resource.region == principal.home };",
        "permit (principal, action, resource) when { resource.region == \"eu\" };")]
    [InlineData("permit(principal, action, resource) when { context.tags.contains(resource.tag) && (principal.level > 3 || resource.x) };",
        "permit (principal, action, resource) when { [\"a\", \"b\"].contains(resource.tag) };")]
    [InlineData("permit(principal, action, resource); forbid(principal, action, resource) unless { resource has owner && resource.owner == principal };",
        "permit (principal, action, resource);\nforbid (principal, action, resource) when { !(resource has owner && resource.owner == User::\"alice\") };")]
    [InlineData("permit(principal, action, resource) when { resource.a.b[\"c d\"] like \"*\\*\\u{e9}\" && -resource.n - (1 - resource.n) * 2 < -(-3) };",
        "permit (principal, action, resource) when { resource.a.b[\"c d\"] like \"*\\*é\" && -resource.n - (1 - resource.n) * 2 < 3 };")]
    [InlineData("permit(principal, action, resource == Row_customers::\"7\");", "permit (principal, action, resource) when { resource == Row_customers::\"7\" };")]
    [InlineData("permit(principal, action, resource in Row_customers::\"7\") when { [Row_customers::\"7\", 1].contains(resource) };",
        "permit (principal, action, resource) when { resource == Row_customers::\"7\" && resource == Row_customers::\"7\" };")]
    [InlineData("permit(principal, action, resource) when { resource.owner in Group::\"staff\" && resource.at.offset(duration(\"1h\")) > datetime(\"2024-01-01\") };",
        "permit (principal, action, resource) when { resource.owner in Group::\"staff\" && resource.at.offset(duration(\"3600000ms\")) > datetime(\"2024-01-01T00:00:00.000Z\") };")]
    [InlineData("permit(principal, action, resource) when { if resource.x then context.absent else 1 == 1 };",
        "permit (principal, action, resource) when { if resource.x then {}.error else true };")]
    public void Residual_IsWhatTheRowDecides(string policies, string expected)
    {
        var residual = Reduce(policies);

        Assert.Equal(expected, residual.ToString());
        Assert.Equal(expected is "true" or "false" ? expected == "true" : null, residual.Decided);
    }

    [Theory]
    [InlineData("when { resource.x == 1 };", "holds(resource.x == 1)")]
    [InlineData("unless { resource.x == 1 };", "holds(resource.x != 1)")]
    [InlineData("unless { resource has x && resource.x > 1 };", "!(resource has x) || holds(!(resource.x > 1))")]
    [InlineData("when { !(resource.a && resource.b) };", "holds(!resource.a) || holds(resource.a) && holds(!resource.b)")]
    [InlineData("when { if resource has a then resource.a else resource.b };", "resource has a && holds(resource.a) || !(resource has a) && holds(resource.b)")]
    public void Allowed_KeepsFailuresAtTheSmallestParts(string condition, string expected) =>
        Assert.Equal(expected, Reduce($"permit(principal, action, resource) {condition}").Allowed.ToString());

    [Fact]
    public void Forbid_RefusesTheRowsOnWhichItFails_AndAPermitGrantsNothing()
    {
        var residual = Reduce("permit(principal, action, resource) when { resource.a == 1 }; forbid(principal, action, resource) when { resource.b == 1 };");

        Assert.True(residual.Evaluate(RecordValue.Of(("a", 1), ("b", 2))));
        Assert.False(residual.Evaluate(RecordValue.Of(("a", 1), ("b", 1))));
        Assert.False(residual.Evaluate(RecordValue.Of(("a", 1))));
        Assert.False(residual.Evaluate(RecordValue.Of(("b", 2))));
        Assert.True(residual.Authorize(new Entity(Make.Uid("Row_customers::\"1\"")) { Parents = Row.Parents, Attributes = RecordValue.Of(("a", 1)) }).Allowed);
    }

    [Fact]
    public void Evaluate_RefusesARowOfAnotherKind()
    {
        var residual = Reduce("permit(principal, action, resource) when { resource.a == 1 };");

        Assert.Throws<ArgumentException>(() => residual.Evaluate(new Entity(Make.Uid("Row_others::\"1\"")) { Parents = Row.Parents }));
        Assert.Throws<ArgumentException>(() => residual.Evaluate(new Entity(Make.Uid("Row_customers::\"1\""))));
        Assert.Throws<ArgumentException>(() => residual.Evaluate(new Entity(Make.Uid("Row_customers::\"1\"")) { Parents = Row.Parents }, RecordValue.Of(("label", 1))));
    }

    [Theory]
    [InlineData("resource == Row_customers::\"1\"")]
    [InlineData("resource.hasTag(\"t\")")]
    [InlineData("resource.owner == resource")]
    [InlineData("Row_customers::\"1\".x == resource.y")]
    public void Evaluate_NeedsTheEntity_WhereMoreThanItsAttributesCounts(string condition)
    {
        var residual = Reduce($"permit(principal, action, resource) when {{ {condition} }};");

        Assert.True(residual.DependsOnIdentity);
        Assert.Throws<InvalidOperationException>(() => residual.Evaluate(RecordValue.Empty));
    }

    [Fact]
    public void Context_CanBeUnknownInPart()
    {
        var request = Request with { UnknownContext = new HashSet<string> { "risk" } };
        var set = Make.Policies("permit(principal, action, resource) when { context has risk && context.risk < 3 && context.label == 2 && !(context has absent) };");
        var residual = Assert.IsType<ResidualResult.Reduced>(set.Residual(request, World)).Residual;

        Assert.Equal("permit (principal, action, resource) when { context has risk && context.risk < 3 };", residual.ToString());
        Assert.True(residual.Evaluate(AnyRow, RecordValue.Of(("risk", 1))));
        Assert.False(residual.Evaluate(AnyRow, RecordValue.Of(("risk", 3))));
        Assert.False(residual.Evaluate(AnyRow));
        Assert.Throws<ArgumentException>(() => set.Residual(request with { UnknownContext = new HashSet<string> { "label" } }, World));
    }

    [Fact]
    public void Residual_IsRefused_WhenItsTextWouldBeTooLong()
    {
        var large = Request with { Context = RecordValue.Of(("names", SetValue.From(Enumerable.Range(0, 20_000).Select(i => $"name {i}")))) };
        var set = Make.Policies("permit(principal, action, resource) when { context.names.contains(resource.name) };");

        Assert.IsType<ResidualResult.TooLarge>(set.Residual(large, World));
        Assert.True(Reduce($"permit(principal, action, resource) when {{ resource.name == \"{new string('x', 60_000)}\" }};").ToString().Length > 60_000);
    }

    [Fact]
    public void Residual_StaysSmall_WhenEachConditionIsNeededTwice()
    {
        // Said without failures, the condition of each level holds that of the next twice.
        var condition = "resource.x";
        for (var i = 0; i < 150; i++)
            condition = $"({condition} && resource.a{i}) || resource.b{i}";
        var residual = Reduce($"permit(principal, action, resource); forbid(principal, action, resource) when {{ {condition} }};");

        Assert.Null(residual.Decided);
        Assert.True(residual.ToString().Length < 10_000);
        Assert.True(residual.Evaluate(RecordValue.From(Enumerable.Range(0, 150).Select(i => KeyValuePair.Create($"b{i}", (Value)false)).Append(new("x", false)))));
        Assert.False(residual.Evaluate(RecordValue.Of(("x", false))));
    }

    private static Entities World { get; } = Entities.Create([
        new Entity(Make.Uid("User::\"alice\"")) { Attributes = RecordValue.Of(("home", "eu"), ("level", 5)) },
    ]);

    private static Entity AnyRow => new(Make.Uid("Row_customers::\"1\"")) { Parents = Row.Parents };

    private static Residual Reduce(string policies) =>
        Assert.IsType<ResidualResult.Reduced>(Make.Policies(policies).Residual(Request, World)).Residual;
}
