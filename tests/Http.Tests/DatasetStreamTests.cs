using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Proofgate.Http.Tests.Support;
using Proofgate.Support;

namespace Proofgate.Http.Tests;

/// <summary>Rows that are streamed: to a client that leaves, to one whose key is revoked, from a source that fails.</summary>
public sealed class DatasetStreamTests : IDisposable
{
    private const string Query = """{"select":["id","region"],"limit":10000}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Fact]
    public async Task ClientThatLeaves_EndsTheQuery()
    {
        await using var gateway = await StartAsync();
        var (id, response) = await OpenAsync(gateway, await gateway.KeyAsync("analyst"));
        response.Dispose();
        var outcome = await gateway.Stream.OutcomeAsync(id);
        Assert.Equal("client_aborted", outcome.Result);
        Assert.InRange(outcome.Rows!.Value, 1, 9999);
    }

    [Fact]
    public async Task KeyThatIsRevoked_EndsTheAnswer_ForAClientThatDoesNotReadToo()
    {
        await using var gateway = await StartAsync();
        var (key, admin) = (await gateway.KeyAsync("analyst"), await gateway.AdministratorAsync());
        var (id, response) = await OpenAsync(gateway, key);
        using var open = response;
        Assert.Equal(200, (await gateway.PostAsync($"/manage/keys/{key.Split('_')[2]}/revoke", string.Empty, admin)).Status);
        var outcome = await gateway.Stream.OutcomeAsync(id);
        Assert.Equal("revoked", outcome.Result);
        Assert.InRange(outcome.Rows!.Value, 1, 9999);
    }

    /// <summary>Who counts lines must not take the part for the whole: the last line says that it is none.</summary>
    [Fact]
    public async Task SourceThatFails_EndsTheLinesWithItsError_NotAsIfTheyWereAll()
    {
        await using var gateway = await StartAsync();
        Fill(
            """
            ALTER TABLE customers RENAME TO kept;
            CREATE VIEW customers AS SELECT * FROM kept WHERE CASE WHEN id = 9000 THEN abs(-9223372036854775807 - 1) ELSE 1 END;
            """);
        using var request = TestGateway.Post("/v1/datasets/customers/query", Query);
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        var answer = await gateway.SendAsync(request, await gateway.KeyAsync("analyst"));
        var lines = answer.Body.TrimEnd('\n').Split('\n');
        Assert.Equal((200, "source_failed"), (answer.Status, (string?)JsonNode.Parse(lines[^1])!["proofgate"]!["error"]!["code"]));
        var outcome = await gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"]);
        Assert.Equal(("upstream_failed", lines.Length - 1L), (outcome.Result, outcome.Rows));
        Assert.InRange(lines.Length, 2, 9001);

        var whole = await gateway.PostAsync("/v1/datasets/customers/query", """{"select":["id"],"limit":9500}""", await gateway.KeyAsync("analyst"));
        Assert.Equal((502, "source_failed"), (whole.Status, whole.Code));
    }

    [Fact]
    public async Task SourceThatChanged_IsNotAsked()
    {
        await using var gateway = await StartAsync(("Proofgate:Data:RecheckInterval", "00:00:00.001"));
        Fill("ALTER TABLE customers ADD COLUMN secret TEXT");
        var answer = await gateway.PostAsync("/v1/datasets/customers/query", Query, await gateway.KeyAsync("analyst"));
        Assert.Equal((503, "dataset_unavailable"), (answer.Status, answer.Code));
        Assert.Equal("upstream_failed", (await gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"])).Result);
    }

    [Fact]
    public async Task Answer_TooLargeForOnePiece_IsRefusedWhole()
    {
        await using var gateway = await StartAsync(("Proofgate:Data:MaxAnswerBytes", "100000"));
        var answer = await gateway.PostAsync("/v1/datasets/customers/query", Query, await gateway.KeyAsync("analyst"));
        Assert.Equal((400, "answer_too_large"), (answer.Status, answer.Code));
        Assert.Null((await gateway.Stream.OutcomeAsync(answer["Proofgate-Audit-Id"])).AnswerDigest);
    }

    private static async Task<(string Id, HttpResponseMessage Response)> OpenAsync(TestGateway gateway, string key)
    {
        using var request = TestGateway.Post("/v1/datasets/customers/query", Query);
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(200, (int)response.StatusCode);
        var body = await response.Content.ReadAsStreamAsync();
        Assert.True(await body.ReadAsync(new byte[100]) > 0);
        return (response.Headers.GetValues("Proofgate-Audit-Id").Single(), response);
    }

    /// <summary>Rows that are more than sockets hold: one that does not read is waited for.</summary>
    private async Task<TestGateway> StartAsync(params (string, string?)[] settings)
    {
        Fill(
            $"""
            {File.ReadAllText(System.IO.Path.Combine(RepositoryRoot.Path, "infra", "policy", "sample.sql"))}
            DELETE FROM customers;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
            INSERT INTO customers (id, tenant, region, vip) SELECT i, 'default', printf('%.*c', 4000, 'x'), 0 FROM n;
            """);
        return await TestGateway.StartAsync([("Proofgate:DataSources:sample:Address", _folder.Of("large.db")), .. settings]);
    }

    private void Fill(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _folder.Of("large.db"), Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
