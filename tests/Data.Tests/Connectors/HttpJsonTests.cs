using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Proofgate.Data.Connectors;
using Proofgate.Data.Connectors.HttpJson;
using Proofgate.Data.Tests.Support;

namespace Proofgate.Data.Tests.Connectors;

/// <summary>A JSON list behind an address on loopback.</summary>
public sealed class HttpJsonTests : IAsyncLifetime
{
    private const string Rows =
        """
        [ { "id": 2, "tenant": "contoso", "region": "eu", "age": 30 }, { "id": 1, "tenant": "contoso", "age": 40 }, { "id": 3, "tenant": "contoso", "region": 7 },
          { "id": 4, "tenant": "fabrikam", "region": "eu" }, "no row", { "id": 5, "tenant": "contoso", "region": "eu", "age": null } ]
        """;

    private WebApplication? _app;
    private string _body = Rows;
    private string? _authorization;
    private int _status = 200;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(async http =>
        {
            _authorization = http.Request.Headers.Authorization;
            http.Response.StatusCode = http.Request.Path == "/data/people" ? _status : 404;
            http.Response.Headers.Location = "/data/people";
            await http.Response.WriteAsync(_body);
        });
        await _app.StartAsync();
    }

    public async Task DisposeAsync() => await _app!.DisposeAsync();

    [Fact]
    public async Task Rows_AreFilteredAndSortedHere()
    {
        using var rig = Rig();
        Assert.Equal("{\"id\":1}\n{\"id\":2}\n{\"id\":3}\n{\"id\":5}\n4 rows", await rig.AskAsync("""{"select":["id"]}"""));
        Assert.Equal("Bearer s3cret", _authorization);
        Assert.Equal("{\"id\":2,\"region\":\"eu\"}\n{\"id\":5,\"region\":\"eu\"}\n2 rows", await rig.AskAsync("""{"select":["id","region"],"where":{"op":"eq","column":"region","value":"eu"}}"""));
        var (first, next) = await rig.AnswerAsync("""{"select":["id"],"orderBy":[{"column":"age","descending":true}],"limit":2}""");
        var (second, _) = await rig.AnswerAsync($$"""{"select":["id"],"orderBy":[{"column":"age","descending":true}],"cursor":"{{next}}"}""");
        Assert.Equal(("{\"id\":1}\n{\"id\":2}\n2 rows, cut, next", "{\"id\":3}\n{\"id\":5}\n2 rows"), (first, second));
    }

    [Theory]
    [InlineData(500, "[]")]
    [InlineData(302, "[]")]
    [InlineData(200, "{}")]
    [InlineData(200, "[")]
    [InlineData(200, """[{"id":1,"id":2}]""")]
    [InlineData(200, """[{"id":1,"\ud800":2}]""")]
    public async Task Source_ThatAnswersOtherwise_HasFailed(int status, string body)
    {
        (_status, _body) = (status, body);
        using var rig = Rig();
        Assert.StartsWith("failed ", await rig.AskAsync("""{"select":["id"]}"""), StringComparison.Ordinal);
    }

    /// <summary>Which columns of theirs would be looked at does not matter: whether such a record is a row depends on nobody's question.</summary>
    [Theory]
    [InlineData("""{"id":1,"tenant":"contoso","region":"\ud800"}""")]
    [InlineData("""{"id":1,"tenant":"contoso","region":"a\u0000"}""")]
    [InlineData("""{"id":1,"tenant":"contoso","notes":{"a":["\udc00"]}}""")]
    public async Task RecordThatIsNoUnicode_IsNoRow_AndStopsNobody(string record)
    {
        _body = $$"""[{{record}},{"id":2,"tenant":"contoso","region":"eu"}]""";
        using var rig = Rig();
        Assert.IsType<SourceState.Ready>(await rig.Checks.StateOfAsync(rig.Dataset(), CancellationToken.None));
        Assert.Equal("{\"id\":2}\n1 rows", await rig.AskAsync("""{"select":["id"]}"""));
    }

    [Fact]
    public async Task MemberWithoutALabel_IsUnlikeTheCatalogue()
    {
        _body = """[{"id":1,"tenant":"contoso","secret":1}]""";
        using var rig = Rig();
        Assert.Contains("secret", Assert.Single(Assert.IsType<SourceState.Unlike>(await rig.Checks.StateOfAsync(rig.Dataset(), CancellationToken.None)).Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RowsOverTheLimit_AreNotRead()
    {
        _body = $"[{string.Join(",", Enumerable.Range(0, 11).Select(static i => $"{{\"id\":{i},\"tenant\":\"fabrikam\"}}"))}]";
        using var rig = Rig("""{ "maxEvaluated": 10 }""");
        Assert.StartsWith("failed too_many_rows_to_evaluate", await rig.AskAsync("""{"select":["id"]}"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://example.com/data", "people")]
    [InlineData("https://u:p@example.com/data", "people")]
    [InlineData("https://example.com/data", "../other")]
    [InlineData("https://example.com/data", "https://elsewhere.example/people")]
    [InlineData("https://example.com/data", "//elsewhere.example/people")]
    public void Address_StaysBelowThatOfTheSettings(string address, string path)
    {
        using var rig = new DataRig(People.Manifest("http-json", table: path), People.Permits);
        if (path.StartsWith("//", StringComparison.Ordinal))
        {
            Assert.Equal("example.com", HttpJsonConnector.AddressOf(rig.Dataset(), new DataSourceSettings { Address = address }).Host);
            return;
        }

        Assert.Throws<SourceException>(() => HttpJsonConnector.AddressOf(rig.Dataset(), new DataSourceSettings { Address = address }));
    }

    private DataRig Rig(string limits = "{}") => new(
        People.Manifest("http-json", limits), People.Permits + People.AllRows,
        ("Proofgate:DataSources:main:Address", _app!.Urls.Single() + "/data"), ("Proofgate:DataSources:main:Secret", "s3cret"));
}
