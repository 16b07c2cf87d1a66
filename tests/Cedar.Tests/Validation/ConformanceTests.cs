using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests.Validation;

public sealed class ConformanceTests
{
    private static readonly Schema Schema = Make.Schema("""
        entity User in [Group] { name: String, age?: Long, kind: Kind, friends: Set<User>, home: { city: String, zip?: Long } } tags Set<Long>;
        entity Group in [Org]; entity Org;
        entity Kind enum ["a", "b"];
        entity Job { next?: Action, when: datetime };
        action read in [all] appliesTo { principal: User, resource: [Group, Kind], context: { ip: ipaddr, jobs?: Set<Job> } };
        action all;
        """);

    private static readonly RecordValue Right = RecordValue.Of(
        ("name", "x"), ("kind", new EntityUid("Kind", "a")), ("friends", SetValue.Of()), ("home", RecordValue.Of(("city", "Oslo"))));

    [Fact]
    public void Entities_Conform_WhenTheyAreAsDeclared()
    {
        var entities = Entities.Create([
            new Entity(new("User", "u")) { Attributes = Right, Parents = [new("Group", "g")], Tags = RecordValue.Of(("t", SetValue.Of(1, 2))) },
            new Entity(new("Group", "g")) { Parents = [new("Org", "o")] },
            new Entity(new("Kind", "b")),
            new Entity(new("Job", "j")) { Attributes = RecordValue.Of(("next", new EntityUid("Action", "read")), ("when", new DatetimeValue(0))) },
            new Entity(new("Action", "read")) { Parents = [new("Action", "all")] },
        ]);

        Assert.Empty(Schema.Check(entities));
    }

    [Theory]
    [InlineData("name", 1L, "at User::\"u\".attrs.name: expected String, found long")]
    [InlineData("nmae", "x", "at User::\"u\".attrs: the schema has no attribute \"nmae\" here (did you mean `name`?)")]
    [InlineData("age", "x", "at User::\"u\".attrs.age: expected Long, found string")]
    [InlineData("name", null, "at User::\"u\".attrs: the attribute \"name\" is missing")]
    [InlineData("home", "x", "at User::\"u\".attrs.home: expected {city: String, zip?: Long}, found string")]
    public void Attribute_IsRefused(string name, object? value, string error)
    {
        var pairs = new Dictionary<string, Value>();
        for (var i = 0; i < Right.Count; i++)
            pairs.Add(Right.Names[i], Right.Values[i]);
        pairs.Remove(name);
        if (value is not null)
            pairs.Add(name, value is long number ? number : (Value)(string)value);

        Assert.Equal([error], Errors(new Entity(new("User", "u")) { Attributes = RecordValue.From(pairs) }));
    }

    [Fact]
    public void Values_AreRefused_WhereverTheyAre()
    {
        var attributes = RecordValue.Of(
            ("name", "x"),
            ("kind", new EntityUid("Kind", "c")),
            ("friends", SetValue.Of(new EntityUid("Group", "g"))),
            ("home", RecordValue.Of(("city", "x"), ("zip", "x"), ("street", "x"))));

        Assert.Equal(
            [
                "at User::\"u\".attrs.friends: expected User, found Group",
                "at User::\"u\".attrs.home: the schema has no attribute \"street\" here",
                "at User::\"u\".attrs.home.zip: expected Long, found string",
                "at User::\"u\".attrs.kind: Kind::\"c\" is none of the entities that `Kind` has",
            ],
            Errors(new Entity(new("User", "u")) { Attributes = attributes }));
    }

    [Fact]
    public void Entities_AreRefused_OneByOne()
    {
        string[] Of(EntityUid uid, EntityUid[]? parents = null, RecordValue? attributes = null, RecordValue? tags = null) =>
            Errors(new Entity(uid) { Parents = parents ?? [], Attributes = attributes ?? RecordValue.Empty, Tags = tags ?? RecordValue.Empty });

        Assert.Equal(["at Usr::\"u\": the schema has no entity type `Usr` (did you mean `User`?)"], Of(new("Usr", "u")));
        Assert.Equal(["at Group::\"g\".parents: a `Group` cannot be in a `User` (the schema has it in Org)"], Of(new("Group", "g"), [new("User", "u")]));
        Assert.Equal(["at Org::\"o\".parents: a `Org` cannot be in a `Kind` (the schema has it in nothing)"], Of(new("Org", "o"), [new("Kind", "a")]));
        Assert.Equal(["at Kind::\"c\": Kind::\"c\" is none of the entities that `Kind` has"], Of(new("Kind", "c")));
        Assert.Equal(["at Group::\"g\".tags: entities of this type have no tags"], Of(new("Group", "g"), tags: RecordValue.Of(("t", 1))));
        Assert.Equal(["at User::\"u\".tags.t: expected Set<Long>, found long"], Of(new("User", "u"), attributes: Right, tags: RecordValue.Of(("t", 1))));
        Assert.Equal(["at Action::\"raed\": the schema has no such action (did you mean `read`?)"], Of(new("Action", "raed")));
        Assert.Equal(["at Action::\"read\": the action is in other groups than the schema says (leave the action out: the schema has it)"], Of(new("Action", "read")));
        Assert.Equal(["at Action::\"all\": an action has no attributes and no tags"], Of(new("Action", "all"), attributes: RecordValue.Of(("a", 1))));
        Assert.Equal(
            ["at Job::\"j\".attrs.next: the schema has no action Action::\"go\""],
            Of(new("Job", "j"), attributes: RecordValue.Of(("next", new EntityUid("Action", "go")), ("when", new DatetimeValue(0)))));
    }

    [Fact]
    public void Ancestors_AreChecked_ThroughOtherEntities()
    {
        var entities = Entities.Create([
            new Entity(new("Group", "g")) { Parents = [new("Org", "o")] },
            new Entity(new("Org", "o")) { Parents = [new("Kind", "a")] },
        ]);

        Assert.True(entities.TryGet(new("Group", "g"), out var group));
        Assert.Equal("a `Group` cannot be in a `Kind`", Assert.Single(Schema.Check(group, entities)).Message);
        Assert.Equal(2, Schema.Check(entities).Count);
    }

    [Theory]
    [InlineData("User::\"u\"", "Action::\"read\"", "Group::\"g\"")]
    [InlineData("Group::\"g\"", "Action::\"read\"", "Group::\"g\"", "at principal: Action::\"read\" does not apply to `Group` here (it applies to User)")]
    [InlineData("User::\"u\"", "Action::\"read\"", "User::\"u\"", "at resource: Action::\"read\" does not apply to `User` here (it applies to Group, Kind)")]
    [InlineData("Usr::\"u\"", "Action::\"read\"", "Group::\"g\"", "at principal: the schema has no entity type `Usr` (did you mean `User`?)")]
    [InlineData("User::\"u\"", "Action::\"raed\"", "Group::\"g\"", "at action: the schema has no action Action::\"raed\" (did you mean `read`?)")]
    [InlineData("User::\"u\"", "Action::\"read\"", "Kind::\"ab\"", "at resource: Kind::\"ab\" is none of the entities that `Kind` has (did you mean `a`?)")]
    [InlineData("User::\"u\"", "Action::\"all\"", "Group::\"g\"", "at principal: Action::\"all\" does not apply to `User` here (it applies to nothing, it is a mere group)")]
    public void Request_IsChecked(string principal, string action, string resource, string? error = null)
    {
        var request = new Request(Make.Uid(principal), Make.Uid(action), Make.Uid(resource), RecordValue.Of(("ip", new IpValue(1, 32, isV6: false))));

        Assert.Equal(error, Schema.Check(request).Select(e => e.ToString().Replace("`b`", "`a`", StringComparison.Ordinal)).FirstOrDefault());
    }

    [Fact]
    public void Context_IsChecked_WithTheRequest()
    {
        var request = new Request(new("User", "u"), new("Action", "read"), new("Group", "g"), RecordValue.Of(("jobs", SetValue.Of(new EntityUid("User", "u"))), ("pi", 1)));

        Assert.Equal(
            ["at context: the attribute \"ip\" is missing", "at context.jobs: expected Job, found User", "at context: the schema has no attribute \"pi\" here"],
            Schema.Check(request).Select(error => error.ToString()));
    }

    private static string[] Errors(Entity entity) => [.. Schema.Check(entity, Entities.Create([entity])).Select(error => error.ToString())];
}
