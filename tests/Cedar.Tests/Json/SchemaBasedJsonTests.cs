using System.Text.Json;
using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests.Json;

public sealed class SchemaBasedJsonTests
{
    private static readonly Schema Schema = Make.Schema("""
        entity User in [Group] { manager?: User, address?: ipaddr, score?: decimal, times?: Set<datetime>, home?: { owner: User, for: duration }, note?: { type: String, id: String } } tags ipaddr;
        entity Group;
        action read in [all] appliesTo { principal: User, resource: Group, context: { ip: ipaddr, owner?: User } };
        action all;
        """);

    [Theory]
    [InlineData("\"manager\":{\"type\":\"User\",\"id\":\"b\"}", "User::\"b\"")]
    [InlineData("\"manager\":{\"__entity\":{\"type\":\"User\",\"id\":\"b\"}}", "User::\"b\"")]
    [InlineData("\"address\":\"10.0.0.1\"", "ip(\"10.0.0.1\")")]
    [InlineData("\"address\":{\"fn\":\"ip\",\"arg\":\"10.0.0.1\"}", "ip(\"10.0.0.1\")")]
    [InlineData("\"address\":{\"__extn\":{\"fn\":\"ip\",\"arg\":\"10.0.0.1\"}}", "ip(\"10.0.0.1\")")]
    [InlineData("\"times\":[\"1970-01-01\",{\"fn\":\"offset\",\"args\":[\"1970-01-01\",\"1ms\"]}]", "[datetime(\"1970-01-01T00:00:00.000Z\"), datetime(\"1970-01-01T00:00:00.001Z\")]")]
    [InlineData("\"home\":{\"owner\":{\"type\":\"User\",\"id\":\"b\"},\"for\":\"1h\"}", "{\"for\": duration(\"3600000ms\"), \"owner\": User::\"b\"}")]
    [InlineData("\"note\":{\"type\":\"User\",\"id\":\"b\"}", "{\"id\": \"b\", \"type\": \"User\"}")]
    public void Attribute_IsRead_AsTheSchemaSays(string attribute, string expected)
    {
        var read = Read($$$"""[{"uid":{"type":"User","id":"a"},"attrs":{ {{{attribute}}} },"parents":[{"type":"Group","id":"g"}],"tags":{"t":"::1"}}]""");

        Assert.True(Assert.IsType<EntitiesResult.Loaded>(read).Entities.TryGet(new("User", "a"), out var entity));
        Assert.Equal(expected, entity.Attributes.Values[0].ToString());
        Assert.Equal("ip(\"::1\")", entity.Tags.Values[0].ToString());
    }

    [Fact]
    public void Actions_AreAdded_AlsoWhereTheDocumentHasThem()
    {
        var without = Assert.IsType<EntitiesResult.Loaded>(Read("[]")).Entities;
        var with = Assert.IsType<EntitiesResult.Loaded>(Read("""[{"uid":{"type":"Action","id":"read"},"attrs":{},"parents":[{"type":"Action","id":"all"}]}]""")).Entities;

        Assert.True(without.IsIn(new("Action", "read"), new("Action", "all")));
        Assert.Equal(CedarJson.Write(without.All), CedarJson.Write(with.All));
    }

    [Theory]
    [InlineData("\"manger\":1", "e: at [0].attrs: the schema has no attribute \"manger\" here (did you mean `manager`?)")]
    [InlineData("\"manager\":\"b\"", "e: at [0].attrs.manager: expected the name of an entity, an object, found a string")]
    [InlineData("\"manager\":{\"type\":\"Group\",\"id\":\"b\"}", "e: at User::\"a\".attrs.manager: expected User, found Group")]
    [InlineData("\"address\":\"x\"", "e: at [0].attrs.address: the text is no ip or out of range (write ip(\"10.0.0.1\"), ip(\"10.0.0.0/8\") or ip(\"2001:db8::/32\"))")]
    [InlineData("\"address\":{\"fn\":\"decimal\",\"arg\":\"1.0\"}", "e: at User::\"a\".attrs.address: expected ipaddr, found decimal")]
    [InlineData("\"address\":1", "e: at User::\"a\".attrs.address: expected ipaddr, found long")]
    [InlineData("\"home\":{\"owner\":{\"type\":\"User\",\"id\":\"b\"}}", "e: at [0].attrs.home: the attribute \"for\" is missing")]
    [InlineData("\"home\":{\"__entity\":{\"type\":\"User\",\"id\":\"b\"}}", "e: at [0].attrs.home: the schema has no attribute \"__entity\" here")]
    [InlineData("\"times\":[{\"fn\":\"offset\",\"args\":[\"1970-01-01\"]}]", "e: at [0].attrs.times[0]: `offset` needs 2 arguments")]
    public void Attribute_IsRefused_WithItsPath(string attribute, string error)
    {
        var read = Read($$$"""[{"uid":{"type":"User","id":"a"},"attrs":{ {{{attribute}}} },"parents":[]}]""");

        Assert.Equal(error, Assert.IsType<EntitiesResult.Failed>(read).Errors[0].ToString());
    }

    [Theory]
    [InlineData("""[{"uid":{"type":"Usr","id":"a"},"attrs":{},"parents":[]}]""", "e: at [0]: the schema has no entity type `Usr` (did you mean `User`?)")]
    [InlineData("""[{"uid":{"type":"Group","id":"a"},"attrs":{},"parents":[],"tags":{"t":1}}]""", "e: at [0].tags: entities of this type have no tags")]
    [InlineData("""[{"uid":{"type":"Action","id":"read"},"attrs":{},"parents":[]}]""", "e: at Action::\"read\": the action is in other groups than the schema says (leave the action out: the schema has it)")]
    [InlineData("""[{"uid":{"type":"Group","id":"a"},"attrs":{},"parents":[{"type":"User","id":"u"}]}]""", "e: at Group::\"a\".parents: a `Group` cannot be in a `User` (the schema has it in nothing)")]
    [InlineData("""{}""", "e: expected an array of entities, found an object")]
    public void Entities_AreRefused(string json, string error) => Assert.Equal(error, Assert.IsType<EntitiesResult.Failed>(Read(json)).Errors[0].ToString());

    [Fact]
    public void Request_IsReadAndChecked_AsTheSchemaSays()
    {
        const string json = """{"principal":{"type":"User","id":"a"},"action":{"type":"Action","id":"read"},"resource":{"type":"Group","id":"g"},"context":CONTEXT}""";
        RequestResult Read(string context) => CedarJson.ParseRequest(json.Replace("CONTEXT", context, StringComparison.Ordinal), Schema, "r");

        var request = Assert.IsType<RequestResult.Parsed>(Read("""{"ip":"10.0.0.1","owner":{"type":"User","id":"b"}}""")).Request;
        Assert.Equal("{\"ip\": ip(\"10.0.0.1\"), \"owner\": User::\"b\"}", request.Context.ToString());
        Assert.Equal("r: at context: the attribute \"ip\" is missing", Assert.IsType<RequestResult.Failed>(Read("{}")).Errors[0].ToString());
        Assert.Equal(
            "r: at principal: Action::\"read\" does not apply to `Group` here (it applies to User)",
            Assert.IsType<RequestResult.Failed>(CedarJson.ParseRequest(json.Replace("\"User\",\"id\":\"a\"", "\"Group\",\"id\":\"a\"", StringComparison.Ordinal).Replace("CONTEXT", "{\"ip\":\"::1\"}", StringComparison.Ordinal), Schema, "r")).Errors[0].ToString());
    }

    [Fact]
    public void Context_IsRead_ForItsAction()
    {
        using var document = JsonDocument.Parse("""{"ip":"10.0.0.1"}""");

        Assert.Equal("{\"ip\": ip(\"10.0.0.1\")}", Assert.IsType<ValueResult.Parsed>(CedarJson.ParseContext(document.RootElement, Schema, new("Action", "read"))).Value.ToString());
        Assert.Equal("the schema has no attribute \"ip\" here", Assert.IsType<ValueResult.Failed>(CedarJson.ParseContext(document.RootElement, Schema, new("Action", "all"))).Errors[0].Message);
        Assert.Contains("has no action", Assert.IsType<ValueResult.Failed>(CedarJson.ParseContext(document.RootElement, Schema, new("Action", "x"))).Errors[0].Message, StringComparison.Ordinal);
    }

    private static EntitiesResult Read(string json) => CedarJson.ParseEntities(json, Schema, "e");
}
