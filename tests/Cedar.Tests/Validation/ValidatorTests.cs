using System.Text;
using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests.Validation;

public sealed class ValidatorTests
{
    private static readonly Schema Schema = Make.Schema("""
        entity User in [Group] { name: String, age?: Long, manager?: User, profile: { city: String, zip?: String }, roles: Set<String>, joined: datetime, limit: decimal } tags String;
        entity Group in [Org] { name: String };
        entity Org, Bot;
        entity Doc in [Folder] { owner: User, kind: Kind, label: Long };
        entity Folder in [Folder];
        entity Kind enum ["plan", "note"];
        action read, list in [view] appliesTo { principal: [User, Bot], resource: [Doc], context: { count: Long, address?: ipaddr } };
        action write in [view] appliesTo { principal: User, resource: [Doc, Folder], context: {} };
        action view;
        namespace Ops { entity Job; action run appliesTo { principal: Job, resource: Job }; }
        """);

    [Theory]
    [InlineData("principal.profile.city == \"Oslo\"")]
    [InlineData("principal has age && principal.age > 18")]
    [InlineData("principal has manager.age && principal.manager.age > 18 && principal.manager has profile.zip")]
    [InlineData("if principal has age then principal.age > 1 else principal.name == \"x\"")]
    [InlineData("!(principal has age) || principal.age > 1 || principal.name like \"a*\"", "the attribute \"age\" of User is optional and may be missing")]
    [InlineData("principal.hasTag(\"team\") && principal.getTag(\"team\") == principal.name")]
    [InlineData("principal.hasTag(principal.name) && principal.getTag(principal.name) == \"x\"")]
    [InlineData("resource.kind == Kind::\"plan\"")]
    [InlineData("(false && false) != (true || false || false) || [].containsAll([1])")]
    [InlineData("(true && (false || true)) == true || [].containsAll([1])")]
    [InlineData("principal in Group::\"g\" && principal in [Group::\"g\", Group::\"h\"]")]
    [InlineData("principal.roles.contains(\"admin\") && principal.roles.containsAny([\"a\", \"b\"]) && !principal.roles.isEmpty()")]
    [InlineData("principal.joined.offset(duration(\"1d\")) < datetime(\"2030-01-01\") && principal.limit.lessThan(decimal(\"1.0\"))")]
    [InlineData("context has address && context.address.isInRange(ip(\"10.0.0.0/8\"))")]
    [InlineData("principal.nmae == \"x\"", "User has no attribute \"nmae\" (did you mean `name`?)")]
    [InlineData("principal.profile.town == \"x\"", "`principal.profile` has no attribute \"town\" (it has city, zip)")]
    [InlineData("context.cuont > 1", "the context of Action::\"read\" has no attribute \"cuont\" (did you mean `count`?)")]
    [InlineData("principal.age > 1", "the attribute \"age\" of User is optional and may be missing (ask first: principal has age && ...)")]
    [InlineData("principal has age || principal.age > 1", "the attribute \"age\" of User is optional and may be missing (ask first: principal has age && ...)")]
    [InlineData("principal.profile.zip == \"x\"", "the attribute \"zip\" of `principal.profile` is optional and may be missing (ask first: principal.profile has zip && ...)")]
    [InlineData("context.address.isIpv4()", "the attribute \"address\" of the context of Action::\"read\" is optional and may be missing (ask first: context has address && ...)")]
    [InlineData("principal.getTag(\"team\") == \"x\"", "the tag of User may be missing (ask first: principal.hasTag(...) && ..., with the same name)")]
    [InlineData("principal.hasTag(\"a\") && principal.getTag(\"b\") == \"x\"", "the tag of User may be missing (ask first: principal.hasTag(...) && ..., with the same name)")]
    [InlineData("resource.hasTag(\"a\") || resource.getTag(\"a\") == 1", "the tag of Doc may be missing (ask first: resource.hasTag(...) && ..., with the same name)")]
    [InlineData("principal.name + \"x\" == \"yx\"", "expected Long, found String (strings cannot be joined)")]
    [InlineData("principal.name > 1", "expected Long, found String")]
    [InlineData("principal.limit < decimal(\"1.0\")", "expected Long, datetime or duration, found decimal (decimals are compared with lessThan, lessThanOrEqual, greaterThan and greaterThanOrEqual)")]
    [InlineData("principal.joined > 1", "expected Long, found datetime")]
    [InlineData("principal.name", "expected Bool, found String")]
    [InlineData("\"admin\" in principal.roles", "expected an entity, found String (`in` is about the hierarchy of entities; to look into a set, write set.contains(value))")]
    [InlineData("principal in principal.roles", "expected an entity or a set of entities, found Set<String> (to look into a set, write set.contains(value))")]
    [InlineData("principal.name.contains(\"x\")", "expected a set, found String (for a part of a string, write like)")]
    [InlineData("principal.roles.containsAll(\"x\")", "expected a set, found String (for one value, write contains)")]
    [InlineData("resource.owner like \"a*\"", "expected String, found User (to ask for the type of an entity, write is)")]
    [InlineData("principal.roles has name", "expected an entity or a record, found Set<String> (to look into a set, write set.contains(value))")]
    [InlineData("ip(\"10.0.0\").isIpv4()", "the text is no ip or out of range (write ip(\"10.0.0.1\"), ip(\"10.0.0.0/8\") or ip(\"2001:db8::/32\"))")]
    [InlineData("ip().isIpv4()", "`ip` takes 1 argument(s), not 0")]
    [InlineData("principal.name.isIpv4()", "expected ipaddr, found String")]
    [InlineData("principal == Usr::\"x\"", "the schema has no entity type `Usr` (did you mean `User`?)")]
    [InlineData("resource.kind == Kind::\"plans\"", "Kind::\"plans\" is none of the entities that `Kind` has (did you mean `plan`?)")]
    [InlineData("action == Action::\"raed\"", "the schema has no action Action::\"raed\" (did you mean `read`?)")]
    [InlineData("action == Action::\"run\"", "the schema has no action Action::\"run\" (there is Ops::Action::\"run\")")]
    [InlineData("principal is Job", "the schema has no entity type `Job` (there is `Ops::Job`)")]
    [InlineData("false && principal == Usr::\"x\"", "the schema has no entity type `Usr` (did you mean `User`?)")]
    public void Condition_IsChecked_InBothModes(string condition, string? error = null)
    {
        var policies = Make.Policies($"permit(principal is User, action == Action::\"read\", resource) when {{ {condition} }};");

        foreach (var mode in (ValidationMode[])[ValidationMode.Strict, ValidationMode.Permissive])
        {
            var errors = Schema.Validate(policies, mode).Errors;
            if (error is null)
                Assert.Empty(errors);
            else
                Assert.StartsWith(error, Said(errors[0]), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("principal.name == 1", "the sides of `==` have different types: String and Long")]
    [InlineData("principal.profile == {city: \"x\"}", "the sides of `==` have different types: {city: String, zip?: String} and {city: String} (the records must have the same attributes, each of one type and required in both or in neither)")]
    [InlineData("principal.roles.contains(1)", "the elements of the set and the value looked for have different types: String and Long")]
    [InlineData("principal.roles.containsAny([1])", "the two sets have different types: Set<String> and Set<Long>")]
    [InlineData("[principal, resource].contains(principal)", "the elements of a set have different types: User and Doc (different types of entities are never equal; in a condition, ask for the type first: x is Type && ...)")]
    [InlineData("(if context.count > 1 then principal else resource) == principal", "the branches of `if` have different types: User and Doc (different types of entities are never equal; in a condition, ask for the type first: x is Type && ...)")]
    [InlineData("(true && !false) == true || [].containsAll([1])", "an empty set has no type (to ask whether a set is empty, write set.isEmpty())")]
    [InlineData("principal.roles == []", "an empty set has no type (to ask whether a set is empty, write set.isEmpty())")]
    [InlineData("ip(principal.name).isIpv4()", "the argument of `ip` must be a literal (put values that are computed elsewhere into the context or an attribute)")]
    [InlineData("(if context.count > 1 then {a: 1} else {a: 1, b: 2}) has b", "the branches of `if` have different types: {a: Long} and {a: Long, b: Long} (the records must have the same attributes, each of one type and required in both or in neither)")]
    public void Condition_IsRefused_OnlyStrictly(string condition, string error)
    {
        var policies = Make.Policies($"permit(principal is User, action == Action::\"read\", resource) when {{ {condition} }};");

        Assert.Equal(error, Said(Assert.Single(Schema.Validate(policies).Errors)));
        Assert.Empty(Schema.Validate(policies, ValidationMode.Permissive).Errors);
    }

    [Theory]
    [InlineData("principal is Usr, action, resource", "1:8: policy policy0: the schema has no entity type `Usr` (did you mean `User`?)")]
    [InlineData("principal, action == Action::\"wirte\", resource", "1:19: policy policy0: the schema has no action Action::\"wirte\" (did you mean `write`?)")]
    [InlineData("principal, action, resource is Org", "1:1: policy policy0: no action applies to the principal, action and resource of the scope")]
    [InlineData("principal is Bot, action == Action::\"write\", resource", "1:1: policy policy0: no action applies to the principal, action and resource of the scope (Action::\"write\" applies to principals of type User and resources of type Doc, Folder)")]
    [InlineData("principal == Group::\"g\", action, resource", "1:1: policy policy0: no action applies to the principal, action and resource of the scope (for principals below this one, write `principal in`)")]
    [InlineData("principal in User::\"u\", action, resource in Org::\"o\"", "1:1: policy policy0: no action applies to the principal, action and resource of the scope")]
    [InlineData("principal, action == Action::\"view\", resource", "1:1: policy policy0: no action applies to the principal, action and resource of the scope (Action::\"view\" applies to nothing, it is a mere group)")]
    [InlineData("principal, action == Action::\"read\", resource == Folder::\"f\"", "1:1: policy policy0: no action applies to the principal, action and resource of the scope (for resources below this one, write `resource in`)")]
    public void Scope_IsRefused_WithPlaceAndHint(string scope, string error) =>
        Assert.Contains(error, Schema.Validate(Make.Policies($"permit({scope});")).Errors.Select(finding => finding.ToString()));

    [Theory]
    [InlineData("principal in Org::\"o\", action in Action::\"view\", resource in Folder::\"f\"")]
    [InlineData("principal is User in Group::\"g\", action in [Action::\"read\", Action::\"write\"], resource == Doc::\"d\"")]
    [InlineData("principal is Ops::Job, action == Ops::Action::\"run\", resource")]
    public void Scope_IsAccepted(string scope)
    {
        var report = Schema.Validate(Make.Policies($"permit({scope});"));

        Assert.True(report.IsValid);
        Assert.Empty(report.Warnings);
    }

    [Fact]
    public void Policy_IsCheckedInEachEnvironment_AndEachErrorNamesItsOwn()
    {
        var report = Schema.Validate(Make.Policies("permit(principal, action in Action::\"view\", resource) when { principal.name == \"x\" && context.count > 1 };"));

        Assert.Equal(
            ["Bot has no attribute \"name\" (it has no attributes)", "the context of Action::\"write\" has no attribute \"count\" (it has no attributes)"],
            report.Errors.Select(Said).Distinct());
    }

    [Theory]
    [InlineData("permit(principal is User, action, resource) when { principal has wings };")]
    [InlineData("permit(principal is User, action, resource) when { principal is Bot };")]
    [InlineData("permit(principal is User, action, resource) when { principal in Folder::\"f\" };")]
    [InlineData("permit(principal is User, action == Action::\"read\", resource) when { action == Action::\"write\" };")]
    [InlineData("permit(principal is User, action, resource) unless { true };")]
    public void Policy_IsWarnedOf_WhenItCanNeverApply(string policy)
    {
        var report = Schema.Validate(Make.Policies(policy));

        Assert.True(report.IsValid);
        Assert.StartsWith("the policy can never apply", Assert.Single(report.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_IsWarnedOf_WhenItTurnsItsDirection()
    {
        var report = Schema.Validate(Make.Policies("permit(principal is User, action, resource) when { principal.name == \"user\u202e\" };"));

        Assert.True(report.IsValid);
        Assert.Equal(new SourcePosition(69, 1, 70), Assert.Single(report.Warnings).Position);
    }

    [Fact]
    public void Template_IsChecked_ForEachTypeThatItsSlotsMayHave()
    {
        const string template = "permit(principal in ?principal, action == Action::\"write\", resource == ?resource) when {{ {0} }};";

        Assert.True(Schema.Validate(Make.Policies(template.Replace("{{ {0} }}", "{ principal has age && principal.age > 1 }", StringComparison.Ordinal))).IsValid);
        Assert.Equal(
            "Folder has no attribute \"label\" (it has no attributes)",
            Said(Assert.Single(Schema.Validate(Make.Policies(template.Replace("{{ {0} }}", "{ resource.label > 1 }", StringComparison.Ordinal))).Errors)));
    }

    [Fact]
    public void Link_IsChecked_ForWhatFillsItsSlots()
    {
        var policies = Make.Policies("permit(principal in ?principal, action, resource);");
        ValidationReport Linked(EntityUid principal) =>
            Schema.Validate(Assert.IsType<LinkResult.Linked>(policies.Link(new TemplateLink("policy0", "link") { Principal = principal })).Policies);

        Assert.True(Linked(new EntityUid("Group", "g")).IsValid);
        Assert.Equal(["link", "link"], Linked(new EntityUid("Grp", "g")).Errors.Select(error => error.PolicyId));
        Assert.Equal("no action applies to the principal, action and resource of the scope", Assert.Single(Linked(new EntityUid("Kind", "plan")).Errors).Message);
    }

    [Fact]
    public void Findings_NameFilePolicyAndPlace()
    {
        var policies = Assert.IsType<PolicySetResult.Parsed>(PolicySet.Parse(
            "@id(\"first\") permit(principal, action, resource);\n@id(\"second\")\npermit(principal is User, action, resource)\nwhen { principal.nam == \"x\" };", "p.cedar", PolicyNaming.ByAnnotation)).Policies;

        Assert.Equal("p.cedar:4:8: policy second: User has no attribute \"nam\" (did you mean `name`?)", Assert.Single(Schema.Validate(policies).Errors).ToString());
    }

    [Fact]
    public void PolicyJson_IsValidatedAsItsText()
    {
        var policies = Make.Policies("permit(principal is User, action == Action::\"read\", resource) when { principal.age > 1 || principal.profile has zip };");
        var again = Assert.IsType<PolicySetResult.Parsed>(PolicyJson.Parse(PolicyJson.Write(policies))).Policies;

        Assert.Equal(Schema.Validate(policies).Errors.Select(error => error.Message), Schema.Validate(again).Errors.Select(error => error.Message));
    }

    [Fact]
    public void Chain_IsValidated_HoweverLong()
    {
        var guards = new StringBuilder("principal has age").Insert(17, " && principal has age", 50_000);
        var many = string.Join(" && ", Enumerable.Range(0, 20_000).Select(i => $"{{\"a{i}\": principal}} has \"a{i}\""));
        var path = "context has " + string.Join(".", Enumerable.Repeat("a", 50_000));

        Assert.All((string[])[$"{guards} && principal.age > 1", many, path], condition =>
            Assert.True(Schema.Validate(Make.Policies($"permit(principal is User, action == Action::\"read\", resource) when {{ {condition} }};")).IsValid));
    }

    [Fact]
    public void Expression_IsValidated_UpToTheHeightThatIsParsed()
    {
        var sum = "1" + new StringBuilder().Insert(0, " + 1", CedarLimits.ExpressionHeight - 2);
        var policies = Make.Policies($"permit(principal, action, resource) when {{ {sum} == 1 }};");

        Assert.Empty(Threads.OnStack(256 * 1024, () => Schema.Validate(policies)).Errors);
    }

    [Fact]
    public void Validation_Stops_WhenPoliciesAndEnvironmentsMultiply()
    {
        var types = string.Join(",", Enumerable.Range(0, 400).Select(i => $"E{i}"));
        var schema = Make.Schema($"entity {types}; action a appliesTo {{ principal: [{types}], resource: [{types}] }};");
        var condition = string.Join(" && ", Enumerable.Repeat("principal != resource", 2_000));

        Assert.Contains("validation stopped", schema.Validate(Make.Policies($"permit(principal, action, resource) when {{ {condition} }};")).Errors[^1].Message, StringComparison.Ordinal);
    }

    private static string Said(ValidationFinding finding) => finding.Hint is null ? finding.Message : $"{finding.Message} ({finding.Hint})";
}
