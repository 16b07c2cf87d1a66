using CsCheck;
using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests.Json;

public sealed class CedarJsonTests
{
    [Fact]
    public void Value_ReadsBack_ForAnyValue() =>
        Generators.Value.Sample(value => CedarJson.ParseValue(CedarJson.Write(value)) is ValueResult.Parsed parsed
            && parsed.Value.Equals(value)
            && CedarJson.Write(parsed.Value) == CedarJson.Write(value));

    [Fact]
    public void Request_ReadsBack_ForAnyRequest() =>
        Gen.Select(Generators.Uid, Generators.Uid, Generators.Uid, Generators.Record).Sample((principal, action, resource, context) =>
        {
            var request = new Request(principal, action, resource, context);
            return CedarJson.ParseRequest(CedarJson.Write(request)) is RequestResult.Parsed parsed && parsed.Request == request;
        });

    [Fact]
    public void Entities_ReadBack_ForAnyEntities() =>
        Gen.Select(Generators.Acyclic, Generators.Record, Generators.Record).Sample((graph, attributes, tags) =>
        {
            var entities = graph.Select(e => new Entity(e.Uid) { Parents = e.Parents, Attributes = attributes, Tags = tags }).ToArray();
            var json = CedarJson.Write(entities);
            var again = Assert.IsType<EntitiesResult.Loaded>(CedarJson.ParseEntities(json)).Entities;
            return CedarJson.Write(again.All) == json
                && Array.TrueForAll(entities, e => again.TryGet(e.Uid, out var read) && read.IsSameAs(e));
        });

    [Fact]
    public void Value_IsWrittenCanonically_WhateverItsOrder()
    {
        Value one = RecordValue.Of(("b", SetValue.Of(3, 1, "x", 2)), ("", true), ("é", "a\"\\\b\f\n\r\t\u0001\u007f/é😀"), ("Z", -1));
        Value other = RecordValue.Of(("Z", -1), ("é", "a\"\\\b\f\n\r\t\u0001\u007f/é😀"), ("", true), ("b", SetValue.Of(2, "x", 3, 1, 1)));

        Assert.Equal("{\"\":true,\"Z\":-1,\"b\":[\"x\",1,2,3],\"é\":\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001\u007f/é😀\"}", CedarJson.Write(one));
        Assert.Equal(CedarJson.Write(one), CedarJson.Write(other));
    }

    [Fact]
    public void Extensions_AreWritten_AsTheirConstructors()
    {
        var values = SetValue.Of(new DecimalValue(-5_000), new DurationValue(1_500), new DatetimeValue(0), new DatetimeValue(long.MinValue));

        Assert.Equal(
            """[{"__extn":{"arg":"-0.5000","fn":"decimal"}},{"__extn":{"arg":"1500ms","fn":"duration"}},{"__extn":{"arg":"1970-01-01T00:00:00.000Z","fn":"datetime"}},{"__extn":{"args":[{"__extn":{"arg":"1970-01-01T00:00:00.000Z","fn":"datetime"}},{"__extn":{"arg":"-9223372036854775808ms","fn":"duration"}}],"fn":"offset"}}]""",
            CedarJson.Write(values));
    }

    [Fact]
    public void Request_IsWritten_InOneOrder() =>
        Assert.Equal(
            """{"action":{"id":"view","type":"Action"},"context":{"n":1},"principal":{"id":"alice","type":"N::User"},"resource":{"id":"x","type":"T"}}""",
            CedarJson.Write(new Request(new("N::User", "alice"), new("Action", "view"), new("T", "x"), RecordValue.Of(("n", 1)))));

    [Theory]
    [InlineData("__entity")]
    [InlineData("__extn")]
    [InlineData("__expr")]
    public void Record_IsNotWritten_WithANameThatMarksAnEscape(string name)
    {
        Assert.True(CedarJson.IsReservedName(name));
        Assert.Throws<ArgumentException>(() => CedarJson.Write(RecordValue.Of((name, 1))));
    }

    [Fact]
    public void String_IsNotWritten_WithHalfASurrogatePair() =>
        Assert.ThrowsAny<ArgumentException>(() => CedarJson.Write(new StringValue("a\ud83d")));

    [Theory]
    [InlineData("""{"__entity":{"type":"A","id":"x"}}""", "A::\"x\"")]
    [InlineData("""{"__extn":{"fn":"ip","arg":"10.0.0.0/8"}}""", "ip(\"10.0.0.0/8\")")]
    [InlineData("""{"__extn":{"fn":"offset","args":[{"__extn":{"fn":"datetime","arg":"1970-01-01"}},{"__extn":{"fn":"duration","arg":"1ms"}}]}}""", "datetime(\"1970-01-01T00:00:00.001Z\")")]
    [InlineData("""{"type":"A","id":"x"}""", "{\"id\": \"x\", \"type\": \"A\"}")]
    [InlineData("""[1,1,{"a":[]}]""", "[1, {\"a\": []}]")]
    [InlineData("-9223372036854775808", "-9223372036854775808")]
    public void Value_IsRead(string json, string expected) =>
        Assert.Equal(expected, Assert.IsType<ValueResult.Parsed>(CedarJson.ParseValue(json)).Value.ToString());

    [Theory]
    [InlineData("null", "null is not a Cedar value (leave the attribute out)")]
    [InlineData("{\"a\":[1,null]}", "at a[1]: null is not a Cedar value (leave the attribute out)")]
    [InlineData("1.5", "the number is not a 64-bit integer (for fractions write {\"__extn\":{\"fn\":\"decimal\",\"arg\":\"1.23\"}})")]
    [InlineData("9223372036854775808", "the number is not a 64-bit integer (for fractions write {\"__extn\":{\"fn\":\"decimal\",\"arg\":\"1.23\"}})")]
    [InlineData("{\"__entity\":1}", "at __entity: expected the name of an entity, an object, found a number")]
    [InlineData("{\"__entity\":{\"type\":\"A\"}}", "at __entity: `id` is missing")]
    [InlineData("{\"__entity\":{\"type\":\"A B\",\"id\":\"\"}}", "at __entity: the type is not a path of identifiers such as Proofgate::User")]
    [InlineData("{\"__entity\":{\"type\":\"A\",\"id\":\"\",\"x\":1}}", "at __entity: the name of an entity has an unknown name (known are type, id)")]
    [InlineData("{\"__entity\":{\"type\":\"A\",\"id\":\"\"},\"b\":1}", "`__entity` must be the only name of its object")]
    [InlineData("{\"__extn\":{\"fn\":\"nope\",\"arg\":1}}", "at __extn: there is no such extension function (functions are decimal, ip, datetime and duration)")]
    [InlineData("{\"__extn\":{\"fn\":\"ip\",\"arg\":\"x\"}}", "at __extn: the text is no ip or out of range (write ip(\"10.0.0.1\"), ip(\"10.0.0.0/8\") or ip(\"2001:db8::/32\"))")]
    [InlineData("{\"__expr\":\"1\"}", "`__expr` is no longer part of Cedar")]
    [InlineData("{\"a\":\"\\ud800\"}", "at a: a string is not valid Unicode")]
    [InlineData("{\"\\ud800\":1}", "a string is not valid Unicode")]
    [InlineData("{\"a\":1,\"a\":2}", "the object has a name twice")]
    [InlineData("{", "1:2: the document is not valid JSON or is nested too deep (at most 128 levels are allowed)")]
    [InlineData("{\"b\":{\"__entity\":{\"type\":\"A\",\"type\":\"B\",\"id\":\"\"}}}", "at b.__entity: the object has a name twice")]
    public void Value_IsRefused_WithItsPath(string json, string error) =>
        Assert.Equal(error, Assert.IsType<ValueResult.Failed>(CedarJson.ParseValue(json)).Errors[0].ToString());

    [Theory]
    [InlineData("{}", "e.json: expected an array of entities, found an object")]
    [InlineData("[1]", "e.json: at [0]: expected the entity, an object, found a number")]
    [InlineData("[{\"uid\":{\"type\":\"A\",\"id\":\"\"},\"parents\":[]}]", "e.json: at [0]: `attrs` is missing")]
    [InlineData("[{\"uid\":{\"type\":\"A\",\"id\":\"\"},\"attributes\":{},\"parents\":[]}]", "e.json: at [0]: the entity has an unknown name (known are uid, attrs, parents, tags)")]
    [InlineData("[{\"uid\":{\"type\":\"A\",\"id\":\"\"},\"attrs\":{\"o\":{\"p\":null}},\"parents\":[]}]", "e.json: at [0].attrs.o.p: null is not a Cedar value (leave the attribute out)")]
    [InlineData("[{\"uid\":{\"type\":\"A\",\"id\":\"\"},\"attrs\":{},\"parents\":[{\"type\":\"A\",\"id\":\"\"}]}]", "e.json: A::\"\" is its own ancestor; the hierarchy must have no cycle")]
    public void Entities_AreRefused_WithTheirPath(string json, string error) =>
        Assert.Equal(error, Assert.IsType<EntitiesResult.Failed>(CedarJson.ParseEntities(json, "e.json")).Errors[0].ToString());

    [Fact]
    public void Document_IsRefused_WhenNestedTooDeep() =>
        Assert.IsType<ValueResult.Failed>(CedarJson.ParseValue(new string('[', 100_000)));

    [Fact]
    public void Context_OfADeepBody_ReadsBack()
    {
        Value value = new DecimalValue(1);
        for (var depth = 0; depth < 64; depth++)
            value = depth % 2 == 0 ? SetValue.Of(value) : RecordValue.Of(("a", value));
        var request = Make.Request with { Context = RecordValue.Of(("arguments", value)) };

        Assert.Equal(request, Assert.IsType<RequestResult.Parsed>(CedarJson.ParseRequest(CedarJson.Write(request))).Request);
    }

    [Fact]
    public void Uid_MayBeEscaped_InEntitiesAndRequests()
    {
        const string json = """[{"uid":{"__entity":{"type":"A","id":"x"}},"attrs":{},"parents":[{"__entity":{"type":"A","id":"y"}}],"tags":{"t":1}}]""";

        var entities = Assert.IsType<EntitiesResult.Loaded>(CedarJson.ParseEntities(json)).Entities;

        Assert.True(entities.IsIn(new EntityUid("A", "x"), new EntityUid("A", "y")));
        Assert.True(entities.TryGet(new EntityUid("A", "x"), out var entity) && entity.Tags.Has("t"));
    }
}
