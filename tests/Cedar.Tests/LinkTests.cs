using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests;

public sealed class LinkTests
{
    private const string Templates = """
        @id("own") @note("n") permit(principal == ?principal, action, resource);
        @id("both") forbid(principal is User in ?principal, action, resource in ?resource) when { principal.level > 3 };
        @id("fixed") permit(principal, action == Action::"none", resource);
        """;

    private static readonly EntityUid Alice = Make.Uid("User::\"alice\"");
    private static readonly EntityUid Staff = Make.Uid("Group::\"staff\"");
    private static readonly EntityUid Pic = Make.Uid("Photo::\"pic\"");

    [Fact]
    public void Link_DecidesAsThePolicyWithItsValues()
    {
        var set = Linked(new TemplateLink("own", "alice") { Principal = Alice }, new TemplateLink("own", "bob") { Principal = Make.Uid("User::\"bob\"") });

        Assert.Equal(["alice"], set.Evaluate(Make.Request, Make.Entities).Determining);
        Assert.Equal(["fixed", "alice", "bob"], set.Policies.Select(p => p.Id));
        Assert.Equal(["own", "both"], set.Templates.Select(p => p.Id));
    }

    [Fact]
    public void Link_KeepsEverythingElseOfItsTemplate()
    {
        var set = Linked(new TemplateLink("own", "alice") { Principal = Alice });

        var (policy, template) = (set.Policies[^1], set.Templates[0]);
        Assert.Equal(template.Annotations, policy.Annotations);
        Assert.Equal((template.Effect, template.Position, template.Source), (policy.Effect, policy.Position, policy.Source));
        Assert.False(policy.IsTemplate);
        Assert.Equal(new TemplateLink("own", "alice") { Principal = Alice }, policy.Link);
        Assert.Null(template.Link);
    }

    [Fact]
    public void Link_FillsBothSlots_AndKeepsConditions()
    {
        var set = Linked(new TemplateLink("both", "l") { Principal = Staff, Resource = Pic }, new TemplateLink("both", "m") { Principal = Staff, Resource = Staff });

        Assert.Equal(["l"], set.Evaluate(Make.Request, Make.Entities).Determining);
    }

    [Fact]
    public void Link_MayBeMadeLater_AndMerged()
    {
        var first = Linked(new TemplateLink("own", "alice") { Principal = Alice });
        var second = Assert.IsType<LinkResult.Linked>(first.Link(new TemplateLink("own", "bob") { Principal = Alice })).Policies;

        Assert.Equal(["alice"], first.Evaluate(Make.Request, Make.Entities).Determining);
        Assert.Equal(["alice", "bob"], second.Evaluate(Make.Request, Make.Entities).Determining);
        Assert.Equal(["alice", "bob"], Assert.IsType<PolicySetResult.Parsed>(PolicySet.Merge([PolicySet.Empty, second])).Policies.Evaluate(Make.Request, Make.Entities).Determining);
    }

    [Fact]
    public void Link_IsRefused_WithEachReason()
    {
        var failed = Assert.IsType<LinkResult.Failed>(Make.Policies(Templates, PolicyNaming.ByAnnotation).Link(
            new TemplateLink("none", "a"),
            new TemplateLink("fixed", "b") { Principal = Alice },
            new TemplateLink("own", "c"),
            new TemplateLink("own", "d") { Principal = Alice, Resource = Pic },
            new TemplateLink("both", "e") { Principal = Alice },
            new TemplateLink("own", "f") { Principal = new EntityUid("a b", "x") },
            new TemplateLink("own", "g") { Principal = default(EntityUid) }));

        Assert.Equal(
            [
                "there is no template \"none\"",
                "there is no template \"fixed\"",
                "the template \"own\" needs a value for ?principal",
                "the template \"own\" has no slot ?resource",
                "the template \"both\" needs a value for ?resource",
                "the value for ?principal is not the name of an entity",
                "the value for ?principal is not the name of an entity",
            ],
            failed.Errors.Select(e => e.Message));
    }

    [Theory]
    [InlineData("fixed")]
    [InlineData("own")]
    [InlineData("twice")]
    public void Link_IsRefused_WhenItsIdOccursTwice(string id)
    {
        var failed = Assert.IsType<LinkResult.Failed>(Make.Policies(Templates, PolicyNaming.ByAnnotation).Link(
            new TemplateLink("own", id) { Principal = Alice }, new TemplateLink("own", "twice") { Principal = Alice }));

        Assert.Contains($"the policy id \"{id}\" occurs twice", failed.Errors[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Link_GivesNoMoreErrorsThanTheLimit() =>
        Assert.Equal(CedarLimits.Errors, Assert.IsType<LinkResult.Failed>(PolicySet.Empty.Link(Enumerable.Range(0, 100).Select(n => new TemplateLink("t", $"{n}")))).Errors.Count);

    [Theory]
    [InlineData("?principal == User::\"a\"")]
    [InlineData("principal in ?resource")]
    [InlineData("?other")]
    public void Slot_IsRefused_InACondition(string condition) =>
        Assert.Contains("scope only", Make.Errors($"permit(principal == ?principal, action, resource) when {{ {condition} }};")[0].Message, StringComparison.Ordinal);

    private static PolicySet Linked(params TemplateLink[] links) =>
        Assert.IsType<LinkResult.Linked>(Make.Policies(Templates, PolicyNaming.ByAnnotation).Link(links)).Policies;
}
