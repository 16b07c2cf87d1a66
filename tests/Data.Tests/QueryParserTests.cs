using System.Text;
using Proofgate.Data.Querying;
using Proofgate.Data.Tests.Support;

namespace Proofgate.Data.Tests;

/// <summary>What is no query is refused, with the member's name, before anything is looked up.</summary>
public sealed class QueryParserTests
{
    [Theory]
    [InlineData("", "invalid_json", null)]
    [InlineData("[]", "invalid_query", null)]
    [InlineData("{}", "invalid_query", "select")]
    [InlineData("""{"select":[]}""", "invalid_query", "select")]
    [InlineData("""{"select":"id"}""", "invalid_query", "select")]
    [InlineData("""{"select":["id","id"]}""", "invalid_query", "select")]
    [InlineData("""{"select":["id"],"aggregates":[{"function":"count"}]}""", "invalid_query", "select")]
    [InlineData("""{"select":["id"],"groupBy":["id"]}""", "invalid_query", "groupBy")]
    [InlineData("""{"select":["id"],"limit":0}""", "invalid_query", "limit")]
    [InlineData("""{"select":["id"],"limit":1.5}""", "invalid_query", "limit")]
    [InlineData("""{"select":["id"],"cursor":7}""", "invalid_query", "cursor")]
    [InlineData("""{"select":["id"],"orderBy":[{"column":"id","descending":"yes"}]}""", "invalid_query", "orderBy[0]")]
    [InlineData("""{"select":["id"],"orderBy":[{"column":"id","desc":true}]}""", "invalid_query", "orderBy[0]")]
    [InlineData("""{"aggregates":[{"function":"median","column":"age"}]}""", "invalid_query", "aggregates[0]")]
    [InlineData("""{"aggregates":[{"function":"1","column":"age"}]}""", "invalid_query", "aggregates[0]")]
    [InlineData("""{"aggregates":[{"function":"count","column":"age"}]}""", "invalid_query", "aggregates[0]")]
    [InlineData("""{"aggregates":[{"function":"sum","column":"age","as":"x; DROP"}]}""", "invalid_query", "aggregates[0]")]
    [InlineData("""{"aggregates":[{"function":"count"},{"function":"count"}]}""", "invalid_query", "aggregates")]
    [InlineData("""{"select":["id"],"where":{"op":"xor"}}""", "invalid_query", "where.op")]
    [InlineData("""{"select":["id"],"where":{"op":"and","of":[]}}""", "invalid_query", "where")]
    [InlineData("""{"select":["id"],"where":{"op":"and","of":[{"op":"eq","column":"id"}]}}""", "invalid_query", "where.of[0].value")]
    [InlineData("""{"select":["id"],"where":{"op":"eq","column":"id","value":null}}""", "invalid_query", "where.value")]
    [InlineData("""{"select":["id"],"where":{"op":"eq","column":"id","value":{"$ne":1}}}""", "invalid_query", "where.value")]
    [InlineData("""{"select":["id"],"where":{"op":"eq","column":"id","value":1,"or":1}}""", "invalid_query", "where.or")]
    [InlineData("""{"select":["id"],"where":{"op":"in","column":"id","values":1}}""", "invalid_query", "where.values")]
    [InlineData("""{"select":["id\u0000"]}""", "invalid_json", null)]
    [InlineData("""{"select":["\ud800"]}""", "invalid_json", null)]
    [InlineData("""{"select":["id"],"\ud800":1}""", "invalid_json", null)]
    [InlineData("""{"select":["id"],"from":"other"}""", "invalid_query", "from")]
    public void Fault_NamesTheMember(string body, string code, string? member)
    {
        var fault = Assert.IsType<QueryRead.Rejected>(QueryParser.Read(Encoding.UTF8.GetBytes(body))).Fault;
        Assert.Equal((code, member), (fault.Code, fault.Member));
    }

    [Fact]
    public void Trees_AreBounded_InDepthConditionsAndValues()
    {
        static string Deep(int depth) => string.Concat(Enumerable.Repeat("""{"op":"not","of":""", depth)) + """{"op":"isNull","column":"id"}""" + new string('}', depth);
        Assert.IsType<QueryRead.Understood>(Read(Deep(QueryLimits.Depth - 1)));
        Assert.Contains("too deep", Fault(Deep(QueryLimits.Depth)), StringComparison.Ordinal);
        Assert.Contains("deep", Fault(Deep(5_000)), StringComparison.Ordinal);
        Assert.Contains("one condition too many", Fault($"{{\"op\":\"or\",\"of\":[{string.Join(",", Enumerable.Repeat("{\"op\":\"isNull\",\"column\":\"id\"}", QueryLimits.Conditions))}]}}"), StringComparison.Ordinal);
        Assert.Contains("one value too many", Fault($"{{\"op\":\"in\",\"column\":\"id\",\"values\":[{string.Join(",", Enumerable.Range(0, QueryLimits.Values + 1))}]}}"), StringComparison.Ordinal);
        Assert.Contains("4096 characters", Fault($"{{\"op\":\"eq\",\"column\":\"id\",\"value\":\"{new string('a', QueryLimits.ValueLength + 1)}\"}}"), StringComparison.Ordinal);

        static QueryRead Read(string where) => QueryParser.Read(Encoding.UTF8.GetBytes($"{{\"select\":[\"id\"],\"where\":{where}}}"));
        static string Fault(string where) => Assert.IsType<QueryRead.Rejected>(Read(where)).Fault.Message;
    }

    [Theory]
    [InlineData("id; DROP TABLE people", "unknown_column")]
    [InlineData("id\\\" FROM people --", "unknown_column")]
    [InlineData("rowid", "unknown_column")]
    [InlineData("ID", "unknown_column")]
    [InlineData("*", "unknown_column")]
    [InlineData("people.id", "unknown_column")]
    public async Task Identifiers_AreTheCataloguesOnly(string name, string code)
    {
        using var file = new SqliteFile(SqliteFile.People);
        using var rig = new DataRig(People.Manifest("sqlite"), People.Permits + People.AllRows, file.Setting);
        foreach (var query in new[]
        {
            $$"""{"select":["{{name}}"]}""", """{"select":["id"],"where":{"op":"isNull","column":"NAME"}}""".Replace("NAME", name, StringComparison.Ordinal), $$"""{"select":["id"],"orderBy":[{"column":"{{name}}"}]}""",
            $$"""{"aggregates":[{"function":"min","column":"{{name}}","as":"x"}]}""", $$"""{"aggregates":[{"function":"count"}],"groupBy":["{{name}}"]}""",
        })
        {
            Assert.StartsWith($"400 {code} ", await rig.AskAsync(query), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("age", "\"30\"")]
    [InlineData("age", "30.5")]
    [InlineData("age", "9223372036854775808")]
    [InlineData("age", "true")]
    [InlineData("name", "30")]
    [InlineData("active", "1")]
    [InlineData("seen", "\"yesterday\"")]
    [InlineData("seen", "\"2025-01-01\"")]
    [InlineData("score", "1e999")]
    public async Task Values_AreOfTheColumnsType(string column, string value)
    {
        using var file = new SqliteFile(SqliteFile.People);
        using var rig = new DataRig(People.Manifest("sqlite"), People.Permits + People.AllRows, file.Setting);
        Assert.StartsWith("400 invalid_value where", await rig.AskAsync($"{{\"select\":[\"id\"],\"where\":{{\"op\":\"eq\",\"column\":\"{column}\",\"value\":{value}}}}}"), StringComparison.Ordinal);
    }
}
