using Proofgate.Audit.Events;
using Proofgate.Http.Tests.Support;

namespace Proofgate.Http.Tests;

/// <summary>The deny list through the front desk.</summary>
[Trait("Rule", "K6")]
public sealed class DenyTests
{
    [Fact]
    [Trait("Rule", "K9")]
    public async Task DeniedSubject_IsRefused_Recorded_AndLetInAgain()
    {
        await using var gateway = await TestGateway.StartAsync();
        var (admin, key) = (await gateway.AdministratorAsync(), await gateway.DeveloperAsync());
        Assert.Equal(200, (await gateway.GetAsync("/v1/models", key)).Status);
        var added = await gateway.PostAsync("/manage/deny", """{"kind":"subject","value":"developer","reason":"left"}""", admin);
        Assert.Equal(201, added.Status);
        Assert.Equal(("subject", "developer", "left", admin.Split('_')[2]),
            ((string?)added.Json["kind"], (string?)added.Json["value"], (string?)added.Json["reason"], (string?)added.Json["by"]));

        var refused = await gateway.GetAsync("/v1/models", key);
        Assert.Equal((401, "invalid_api_key"), (refused.Status, refused.Code));
        Assert.Contains("error=\"invalid_token\"", refused["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Contains("\"denied\"", await gateway.Refusals.NextAsync(refused["Proofgate-Audit-Id"]!), StringComparison.Ordinal);

        var id = (string)added.Json["id"]!;
        Assert.Equal(id, (string?)Assert.Single((await gateway.GetAsync("/manage/deny", admin)).Json["entries"]!.AsArray())!["id"]);
        Assert.Equal(200, (await DeleteAsync(gateway, id, admin)).Status);
        Assert.Equal(200, (await gateway.GetAsync("/v1/models", key)).Status);
        Assert.Empty((await gateway.GetAsync("/manage/deny", admin)).Json["entries"]!.AsArray());
        Assert.Equal((404, "deny_entry_not_found"), ((await DeleteAsync(gateway, id, admin)) is { } gone ? (gone.Status, gone.Code) : default));

        var events = gateway.Stream.Of<DenyEvent>();
        Assert.Equal(["added", "removed"], events.Select(static e => e.Act));
        Assert.All(events, e => Assert.Equal(("subject", admin.Split('_')[2]), (e.Type, e.By)));
        Assert.All(events, static e => Assert.Matches("^[0-9a-f]{64}$", e.Digest));
        Assert.Equal(added["Proofgate-Audit-Id"], events[0].CorrelationId?.ToString());
    }

    [Fact]
    public async Task EntryOfAnotherTenant_BitesNobodyHere_AndDoesNotExist()
    {
        await using var gateway = await TestGateway.StartAsync();
        var (ours, theirs) = (await gateway.AdministratorAsync("fabrikam"), await gateway.AdministratorAsync("contoso"));
        var key = await gateway.KeyAsync("developer", "contoso");
        var added = await gateway.PostAsync("/manage/deny", """{"kind":"subject","value":"developer"}""", ours);
        Assert.Equal(201, added.Status);
        Assert.Equal(200, (await gateway.GetAsync("/v1/models", key)).Status);
        Assert.Empty((await gateway.GetAsync("/manage/deny", theirs)).Json["entries"]!.AsArray());
        var foreign = await DeleteAsync(gateway, (string)added.Json["id"]!, theirs);
        var unknown = await DeleteAsync(gateway, "subject-AAAA", theirs);
        Assert.Equal((404, unknown.Body), (foreign.Status, foreign.Body));
        Assert.Single(gateway.Denials.Entries);
    }

    [Fact]
    public async Task Administrator_IsNotLockedOut_ByMistake()
    {
        await using var gateway = await TestGateway.StartAsync();
        var admin = await gateway.AdministratorAsync();
        foreach (var body in new[] { """{"kind":"subject","value":"administrator"}""", $$"""{"kind":"client","value":"{{admin.Split('_')[2]}}"}""" })
        {
            var answer = await gateway.PostAsync("/manage/deny", body, admin);
            Assert.Equal((409, "denies_yourself"), (answer.Status, answer.Code));
        }

        Assert.Empty(gateway.Denials.Entries);
        Assert.Equal(201, (await gateway.PostAsync("/manage/deny", """{"kind":"subject","value":"administrator","force":true}""", admin)).Status);
        Assert.Equal(401, (await gateway.GetAsync("/manage/deny", admin)).Status);
    }

    [Theory]
    [InlineData("""{"kind":"key","value":"x"}""", "invalid_deny_request")]
    [InlineData("""{"value":"x"}""", "invalid_deny_request")]
    [InlineData("""{"kind":"jti"}""", "invalid_deny_request")]
    [InlineData("""{"kind":"jti","value":"x","until":"2020-01-01T00:00:00Z"}""", "invalid_deny_request")]
    [InlineData("""{"kind":"jti","value":"x","until":"soon"}""", "invalid_json")]
    [InlineData("""{"kind":"jti","value":"x","tenant":"contoso"}""", "invalid_json")]
    [InlineData("""{"kind":"thumbprint","value":"x"}""", "invalid_deny_request")]
    public async Task BadRequest_DeniesNobody(string body, string code)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.PostAsync("/manage/deny", body, await gateway.AdministratorAsync());
        Assert.Equal((400, code), (answer.Status, answer.Code));
        Assert.Empty(gateway.Denials.Entries);
        Assert.Empty(gateway.Stream.Of<DenyEvent>());
    }

    [Fact]
    public async Task SameDenialAgain_Is200_AndReplacesIt()
    {
        await using var gateway = await TestGateway.StartAsync();
        var admin = await gateway.AdministratorAsync();
        Assert.Equal(201, (await gateway.PostAsync("/manage/deny", """{"kind":"jti","value":"x","until":"2099-01-01T00:00:00Z"}""".Replace("2099", $"{TimeProvider.System.GetUtcNow().Year + 1}", StringComparison.Ordinal), admin)).Status);
        var again = await gateway.PostAsync("/manage/deny", """{"kind":"jti","value":"x"}""", admin);
        Assert.Equal((200, (string?)null), (again.Status, (string?)again.Json["until"]));
        Assert.Single(gateway.Denials.Entries);
    }

    [Fact]
    public async Task EntryThatCannotBeRecorded_BitesAllTheSame_AndLiftingThatCannotIsNotDone()
    {
        await using var gateway = await TestGateway.StartAsync();
        var (admin, key) = (await gateway.AdministratorAsync(), await gateway.DeveloperAsync());
        gateway.Stream.Down = static e => e is DenyEvent;
        var answer = await gateway.PostAsync("/manage/deny", """{"kind":"subject","value":"developer"}""", admin);
        Assert.Equal((503, "audit_unavailable"), (answer.Status, answer.Code));
        Assert.Equal(401, (await gateway.GetAsync("/v1/models", key)).Status);
        Assert.Equal(503, (await DeleteAsync(gateway, gateway.Denials.Entries.Single().Id, admin)).Status);
        Assert.Equal(401, (await gateway.GetAsync("/v1/models", key)).Status);
    }

    [Fact]
    public async Task StoreThatIsOutOfReach_Is503()
    {
        await using var gateway = await TestGateway.StartAsync();
        var admin = await gateway.AdministratorAsync();
        gateway.Denials.Fault = new IOException("down");
        foreach (var answer in new[] { await gateway.GetAsync("/manage/deny", admin), await gateway.PostAsync("/manage/deny", Samples.NewDenial, admin), await DeleteAsync(gateway, "jti-A", admin) })
        {
            Assert.Equal((503, "store_unavailable"), (answer.Status, answer.Code));
        }
    }

    private static Task<Answer> DeleteAsync(TestGateway gateway, string id, string key) =>
        gateway.SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"/manage/deny/{id}"), key);
}
