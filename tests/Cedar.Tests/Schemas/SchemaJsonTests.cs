using Proofgate.Cedar.Tests.Support;

namespace Proofgate.Cedar.Tests.Schemas;

public sealed class SchemaJsonTests
{
    private const string Minimal = """{"":{"entityTypes":{"A":{"shape":SHAPE}},"actions":{"all":{}},"commonTypes":{"T":{"type":"Record","attributes":{}}}}}""";

    [Fact]
    public void Schema_MeansTheSame_InBothForms()
    {
        const string policies = """
            permit(principal is N::User, action == N::Action::"read", resource is N::Group) when { principal.age > 1 && context.c.b && principal.kind == N::Kind::"x" };
            permit(principal, action in N::Action::"all", resource) when { principal has age && principal.age == "x" };
            permit(principal, action, resource) when { principal.hasTag("t") && principal.getTag("t") == principal.g };
            """;
        var text = Make.Schema("""
            namespace N {
              entity User in [Group] { age?: Long, kind: Kind, g: Set<Group> } tags Set<Group>;
              entity Group in Group; entity Kind enum ["x"];
              type C = { b: Bool };
              action read in [all] appliesTo { principal: User, resource: [Group], context: { c: C, ip: ipaddr } };
              action all;
            }
            """);
        var json = Assert.IsType<SchemaResult.Parsed>(Schema.ParseJson("""
            {"N":{
              "annotations":{"doc":"x"},
              "commonTypes":{"C":{"type":"Record","attributes":{"b":{"type":"Boolean"}},"annotations":{"doc":null}}},
              "entityTypes":{
                "User":{"memberOfTypes":["Group"],
                  "shape":{"type":"Record","attributes":{"age":{"type":"Long","required":false},"kind":{"type":"Entity","name":"Kind"},"g":{"type":"Set","element":{"type":"EntityOrCommon","name":"Group"}}}},
                  "tags":{"type":"Set","element":{"type":"Entity","name":"N::Group"}}},
                "Group":{"memberOfTypes":["N::Group"]},
                "Kind":{"enum":["x"]}},
              "actions":{
                "read":{"memberOf":[{"id":"all"}],"appliesTo":{"principalTypes":["User"],"resourceTypes":["N::Group"],
                  "context":{"type":"Record","additionalAttributes":false,"attributes":{"c":{"type":"C"},"ip":{"type":"Extension","name":"ipaddr"}}}}},
                "all":{"appliesTo":null,"memberOf":null}}}}
            """)).Schema;

        Assert.Equal(text.EntityTypes, json.EntityTypes);
        Assert.Equal(CedarJson.Write(text.ActionEntities.All), CedarJson.Write(json.ActionEntities.All));
        var findings = text.Validate(Make.Policies(policies));
        Assert.Equal(findings.Errors, json.Validate(Make.Policies(policies)).Errors);
        Assert.Equal(["policy0", "policy1"], findings.Errors.Select(error => error.PolicyId).Distinct());
    }

    [Theory]
    [InlineData("""{"type":"Record","attributes":{}}""")]
    [InlineData("""{"type":"T"}""")]
    [InlineData("""{"type":"Record","attributes":{"a":{"type":"Bool"},"b":{"type":"__cedar::Bool","required":true},"c":{"type":"EntityOrCommon","name":"ipaddr"}}}""")]
    public void Schema_IsRead(string shape) => Assert.IsType<SchemaResult.Parsed>(Schema.ParseJson(Minimal.Replace("SHAPE", shape, StringComparison.Ordinal)));

    [Theory]
    [InlineData("{\"type\":\"Long\"}", "s: at entityTypes.A.shape: the shape of an entity type must be a record, not Long")]
    [InlineData("{\"type\":\"A\"}", "s: at entityTypes.A.shape: there is no common type `A` (`A` is an entity type, and a common type is needed here)")]
    [InlineData("{\"type\":\"Record\"}", "s: at entityTypes.A.shape: `attributes` is missing")]
    [InlineData("{\"type\":\"Record\",\"attributes\":{},\"name\":\"x\"}", "s: at entityTypes.A.shape: the type has an unknown name (known are type, attributes, additionalAttributes)")]
    [InlineData("{\"type\":\"Record\",\"attributes\":{},\"additionalAttributes\":true}", "s: at entityTypes.A.shape: `additionalAttributes` can be false only (declare every attribute)")]
    [InlineData("{\"type\":\"Record\",\"attributes\":{\"a\":{\"type\":\"Extension\",\"name\":\"decimals\"}}}", "s: at entityTypes.A.shape.attributes.a.name: there is no such extension type (did you mean `decimal`?)")]
    [InlineData("{\"type\":\"Record\",\"attributes\":{\"a\":{\"type\":\"Entity\",\"name\":\"B\"}}}", "s: at entityTypes.A.shape.attributes.a: there is no entity type `B`")]
    [InlineData("{\"type\":\"Record\",\"attributes\":{\"a\":{\"type\":\"Long\",\"required\":1}}}", "s: at entityTypes.A.shape.attributes.a: `required` must be a bool, not a number")]
    [InlineData("{\"type\":\"Record\",\"attributes\":{\"a\":{\"type\":\"Long\"},\"a\":{\"type\":\"Long\"}}}", "s: at entityTypes.A.shape.attributes: the object has a name twice")]
    [InlineData("{\"type\":\"Record\",\"attributes\":{\"a\":{\"type\":\"Set\",\"element\":null}}}", "s: at entityTypes.A.shape.attributes.a.element: expected a type, an object, found null (write {\"type\":\"Long\"})")]
    [InlineData("{\"type\":\"x y\"}", "s: at entityTypes.A.shape.type: this is no name of a type (a type is named by a path of identifiers such as Proofgate::User)")]
    [InlineData("[]", "s: at entityTypes.A.shape: expected a type, an object, found an array (write {\"type\":\"Long\"})")]
    public void Shape_IsRefused_WithItsPath(string shape, string error) =>
        Assert.Equal(error, Assert.IsType<SchemaResult.Failed>(Schema.ParseJson(Minimal.Replace("SHAPE", shape, StringComparison.Ordinal), "s")).Errors[0].ToString());

    [Theory]
    [InlineData("[]", "expected an object of namespaces, found an array")]
    [InlineData("{\"\":{\"entityTypes\":{}}}", "`actions` is missing (it may be empty: {})")]
    [InlineData("{\"N\":{\"entityTypes\":{},\"action\":{}}}", "at N: the namespace has an unknown name (known are entityTypes, actions, commonTypes, annotations)")]
    [InlineData("{\"if\":{\"entityTypes\":{},\"actions\":{}}}", "at if: the name of a namespace is not a path of identifiers (write \"A::B\", or \"\" for what stands outside any namespace)")]
    [InlineData("{\"\":{\"entityTypes\":{},\"actions\":{},\"annotations\":{\"a\":\"b\"}}}", "what stands outside any namespace can have no annotations")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"enum\":[\"x\"],\"tags\":{\"type\":\"Long\"}}},\"actions\":{}}}", "at N.entityTypes.A: the enumeration has an unknown name (known are enum, annotations)")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A\":{\"enum\":[]}},\"actions\":{}}}", "at N.entityTypes.A: an enumeration needs at least one id")]
    [InlineData("{\"N\":{\"entityTypes\":{\"A B\":{}},\"actions\":{}}}", "at N.entityTypes.A B: the name of a type must be an identifier that is not reserved")]
    [InlineData("{\"N\":{\"entityTypes\":{},\"actions\":{\"a\":{\"attributes\":{}}}}}", "at N.actions.a: an action has no attributes")]
    [InlineData("{\"N\":{\"entityTypes\":{},\"actions\":{\"a\":{\"memberOf\":[{\"id\":\"b\"}]}}}}", "at N.actions.a.memberOf[0]: there is no action N::Action::\"b\"")]
    [InlineData("{\"N\":{\"entityTypes\":{},\"actions\":{\"a\":{\"appliesTo\":{\"principalTypes\":[\"X\"],\"resourceTypes\":[]}}}}}", "at N.actions.a.appliesTo.principalTypes[0]: there is no entity type `X`")]
    [InlineData("{\"N\":{\"entityTypes\":{},\"actions\":{\"a\":{\"appliesTo\":{\"principalTypes\":[]}}}}}", "at N.actions.a.appliesTo: `resourceTypes` is missing")]
    [InlineData("{\"N\":", "1:6: the document is not valid JSON or is nested too deep (at most 128 levels are allowed)")]
    public void Document_IsRefused_WithItsPath(string json, string error) =>
        Assert.Equal(error, Assert.IsType<SchemaResult.Failed>(Schema.ParseJson(json)).Errors[0].ToString());
}
