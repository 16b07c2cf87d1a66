using Proofgate.Data.Tests.Support;
using Proofgate.Tests.Support;

namespace Proofgate.Data.Tests;

/// <summary>Queries of a SQLite file, from the body to the rows.</summary>
public sealed class SqliteQueryTests : IDisposable
{
    private const string Rows =
        """
        INSERT INTO people VALUES
          (1, 'contoso', 'Ann', 'eu', 30, 1.5, 1, 1765000000000, 'ann@example.com', '4242424242424242', 'call ann@example.com', 100),
          (2, 'contoso', 'ann', 'us', 40, NULL, 0, NULL, NULL, '5555555555554444', NULL, 200),
          (3, 'contoso', 'Bob', NULL, NULL, -2.25, NULL, 1765000000001, 'bob@example.com', NULL, 'nothing', NULL),
          (4, 'fabrikam', 'Eve', 'eu', 50, 0.5, 1, 1765000000002, 'eve@example.com', NULL, 'theirs', 300);
        """;

    private readonly SqliteFile _file = new(SqliteFile.People + Rows);

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData("""{"select":["id","name"]}""", "{\"id\":1,\"name\":\"Ann\"}\n{\"id\":2,\"name\":\"ann\"}\n{\"id\":3,\"name\":\"Bob\"}\n3 rows")]
    [InlineData("""{"select":["id"],"where":{"op":"eq","column":"name","value":"ann"}}""", "{\"id\":2}\n1 rows")]
    [InlineData("""{"select":["id"],"where":{"op":"not","of":{"op":"eq","column":"region","value":"eu"}}}""", "{\"id\":2}\n{\"id\":3}\n2 rows")]
    [InlineData("""{"select":["id"],"where":{"op":"ne","column":"region","value":"eu"}}""", "{\"id\":2}\n1 rows")]
    [InlineData("""{"select":["id"],"where":{"op":"isNull","column":"region"}}""", "{\"id\":3}\n1 rows")]
    [InlineData("""{"select":["id"],"where":{"op":"likePrefix","column":"name","value":"A"}}""", "{\"id\":1}\n1 rows")]
    [InlineData("""{"select":["id"],"where":{"op":"in","column":"age","values":[30,40,99]}}""", "{\"id\":1}\n{\"id\":2}\n2 rows")]
    [InlineData("""{"select":["id"],"where":{"op":"or","of":[{"op":"gt","column":"age","value":35},{"op":"lt","column":"score","value":0}]}}""", "{\"id\":2}\n{\"id\":3}\n2 rows")]
    [InlineData("""{"select":["id"],"where":{"op":"ge","column":"seen","value":"2025-12-06T05:46:40.001Z"}}""", "{\"id\":3}\n1 rows")]
    [InlineData("""{"select":["active","score","seen"],"where":{"op":"eq","column":"active","value":true}}""", "{\"active\":true,\"score\":1.5,\"seen\":\"2025-12-06T05:46:40.000Z\"}\n1 rows")]
    [InlineData("""{"select":["id"],"orderBy":[{"column":"age","descending":true}],"limit":2}""", "{\"id\":2}\n{\"id\":1}\n2 rows, cut, next")]
    [InlineData("""{"select":["id","email","card","notes"],"limit":1}""", "{\"id\":1,\"email\":\"[EMAIL_ADDRESS]\",\"card\":\"[PAYMENT_CARD]\",\"notes\":\"call [EMAIL_ADDRESS]\"}\n1 rows, cut, next EMAIL_ADDRESS:2,PAYMENT_CARD:1")]
    [InlineData("""{"select":["salary"]}""", "400 unknown_column select: 'salary' is not a column of this dataset that you may read. GET /v1/datasets/NAME lists them.")]
    [InlineData("""{"select":["wages"]}""", "400 unknown_column select: 'wages' is not a column of this dataset that you may read. GET /v1/datasets/NAME lists them.")]
    [InlineData("""{"select":["id"],"where":{"op":"eq","column":"salary","value":"x"}}""", "400 unknown_column where: 'salary' is not a column of this dataset that you may read. GET /v1/datasets/NAME lists them.")]
    [InlineData("""{"select":["id"],"where":{"op":"eq","column":"email","value":"x"}}""", "400 column_masked where: 'email' is shown to you masked: it can be selected, and tested with isNull.")]
    [InlineData("""{"select":["id"],"orderBy":[{"column":"notes"}]}""", "400 column_masked orderBy: 'notes' is prose in which you may not see everything: it can be selected, and tested with isNull.")]
    public async Task Query_AnswersWhatTheCallerMaySee(string query, string expected)
    {
        using var rig = Rig(People.AllRows);
        Assert.Equal(expected, await rig.AskAsync(query));
    }

    /// <summary>The same value has the same name in every call and for everybody of the tenant, so that rows can be joined by it; in another column it has another.</summary>
    [Fact]
    public async Task Values_AreShownByTheirEnd_OrByANameOfTheColumns_WherePolicySaysSo()
    {
        _file.Run("INSERT INTO people (id, tenant, email, card) VALUES (5, 'contoso', 'ANN@example.com', '4242 4242 4242 4242')");
        using var rig = Rig(
            People.AllRows
            + """
              @id("ends") permit (principal, action == Proofgate::Action::"revealPartial", resource == Proofgate::Kind::"PAYMENT_CARD");
              @id("names") permit (principal, action == Proofgate::Action::"revealPseudonym", resource == Proofgate::Kind::"EMAIL_ADDRESS");
              """);
        const string Query = """{"select":["email","card"],"where":{"op":"in","column":"id","values":[1,5]}}""";
        var first = await rig.AskAsync(Query);
        var rows = first.Split('\n');
        Assert.Matches("^{\"email\":\"\\[?EMAIL_ADDRESS[^@]+\",\"card\":\"\\*\\*\\*\\* 4242\"}$", rows[0]);
        Assert.Equal(rows[0], rows[1]);
        Assert.Equal(first, await rig.AskAsync(Query));
        Assert.StartsWith("400 column_masked", await rig.AskAsync("""{"select":["id"],"where":{"op":"eq","column":"email","value":"ann@example.com"}}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"aggregates":[{"function":"count"}]}""", "{\"count\":3}\n1 rows")]
    [InlineData("""{"aggregates":[{"function":"sum","column":"age"},{"function":"avg","column":"age","as":"mean"},{"function":"min","column":"name"},{"function":"max","column":"name"}]}""", "{\"sum_age\":70,\"mean\":35,\"min_name\":\"Ann\",\"max_name\":\"ann\"}\n1 rows")]
    [InlineData("""{"aggregates":[{"function":"sum","column":"score"}]}""", "400 invalid_query aggregates: 'score' is no integer: only those are summed, because a sum of other numbers depends on the order of rows.")]
    [InlineData("""{"aggregates":[{"function":"sum","column":"salary"}]}""", "400 unknown_column aggregates: 'salary' is not a column of this dataset that you may read. GET /v1/datasets/NAME lists them.")]
    public async Task Aggregates_AreOfTheRowsThatTheCallerMaySee(string query, string expected)
    {
        using var rig = Rig(People.AllRows, """{ "minGroup": 2 }""");
        Assert.Equal(expected, await rig.AskAsync(query));
    }

    [Fact]
    public async Task Groups_AreLeftOut_WhenTheyAreSmall()
    {
        using var rig = Rig(People.AllRows, """{ "minGroup": 2 }""");
        _file.Run("INSERT INTO people (id, tenant, region) VALUES (5, 'contoso', 'eu')");
        Assert.Equal(
            "{\"region\":\"eu\",\"count\":2,\"sum_age\":null}\n1 rows",
            await rig.AskAsync("""{"aggregates":[{"function":"count"},{"function":"sum","column":"age"}],"groupBy":["region"]}"""));
    }

    [Theory]
    [InlineData("resource has region && resource.region == \"eu\"", "1")]
    [InlineData("!(resource has region && resource.region == \"eu\")", "2,3")]
    [InlineData("resource has age && resource.age < 35 || resource has name && resource.name like \"B*\"", "1,3")]
    [InlineData("resource has region && [\"eu\", \"us\"].contains(resource.region)", "1,2")]
    [InlineData("resource has age && resource.age + 1 > 35", "2")]
    [InlineData("resource has age && resource.age + 9223372036854775773 > 0", "1")]
    [InlineData("resource has salary && resource.salary == 100", "1")]
    [InlineData("principal.tenant == Proofgate::Tenant::\"contoso\"", "1,2,3")]
    public async Task Rows_AreThoseThatPolicyAllows(string condition, string ids)
    {
        using var rig = Rig($"@id(\"rows\") permit (principal, action == Proofgate::Action::\"readRow\", resource is Proofgate::Row_people) when {{ {condition} }};");
        var answer = await rig.AskAsync("""{"select":["id"]}""");
        Assert.Equal(string.Concat(ids.Split(',').Select(static i => $"{{\"id\":{i}}}\n")) + $"{ids.Split(',').Length} rows", answer);
    }

    [Fact]
    public async Task Order_IsRefused_OverRowsThatAreDecidedOneByOne()
    {
        using var rig = Rig("""@id("rows") permit (principal, action == Proofgate::Action::"readRow", resource is Proofgate::Row_people) when { resource has age && resource.age + 1 > 35 };""");
        Assert.StartsWith("400 filter_not_pushed orderBy", await rig.AskAsync("""{"select":["id"],"orderBy":[{"column":"age"}]}"""), StringComparison.Ordinal);
        Assert.StartsWith("400 filter_not_pushed aggregates", await rig.AskAsync("""{"aggregates":[{"function":"count"}]}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_FollowOneAnother_ForWhomTheyAre()
    {
        using var rig = Rig(People.AllRows);
        var (first, next) = await rig.AnswerAsync("""{"select":["id"],"orderBy":[{"column":"age"}],"limit":1}""");
        Assert.Equal("{\"id\":3}\n1 rows, cut, next", first);
        var (second, last) = await rig.AnswerAsync($$"""{"select":["id"],"orderBy":[{"column":"age"}],"limit":2,"cursor":"{{next}}"}""");
        Assert.Equal(("{\"id\":1}\n{\"id\":2}\n2 rows", null), (second, last));
        Assert.StartsWith("400 invalid_cursor", await rig.AskAsync($$"""{"select":["id","name"],"orderBy":[{"column":"age"}],"cursor":"{{next}}"}"""), StringComparison.Ordinal);
        Assert.StartsWith("400 invalid_cursor", await rig.AskAsync($$"""{"select":["id"],"orderBy":[{"column":"age"}],"cursor":"{{next}}"}""", Callers.Person), StringComparison.Ordinal);
        Assert.StartsWith("400 invalid_cursor", await rig.AskAsync($$"""{"select":["id"],"orderBy":[{"column":"age"}],"cursor":"{{next![..^4]}}AAAA"}"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task APoisonedRow_IsNotThere()
    {
        using var rig = Rig(People.AllRows);
        const string query = """{"select":["id","age","name"]}""";
        var before = await rig.AskAsync(query);
        _file.Run("INSERT INTO people (id, tenant, name, age) VALUES (7, 'contoso', 'x', 'no number'), (8, 'contoso', X'00ff', 1), (9, 'contoso', 'a' || char(0) || 'b', 1)");
        Assert.Equal(before, await rig.AskAsync(query));
        // Only the columns that a query looks at are asked for what they hold.
        Assert.Equal("{\"id\":7}\n1 rows", await rig.AskAsync("""{"select":["id"],"where":{"op":"eq","column":"name","value":"x"}}"""));
    }

    private DataRig Rig(string rows, string limits = "{}") => new(People.Manifest("sqlite", limits), People.Permits + "\n" + rows, _file.Setting);
}
