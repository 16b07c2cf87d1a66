using Proofgate.Audit.Events;
using Proofgate.Http.Tests.Support;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.Http.Tests;

/// <summary>The administration of keys.</summary>
public sealed class ManageTests
{
    [Fact]
    [Trait("Rule", "K2")]
    [Trait("Rule", "K9")]
    public async Task CreatedKey_IsShownOnce_AndWorks()
    {
        await using var gateway = await TestGateway.StartAsync();
        var admin = await gateway.AdministratorAsync();
        var created = await gateway.PostAsync("/manage/keys", Samples.NewKey, admin);
        Assert.Equal(201, created.Status);
        var key = (string)created.Json["key"]!;
        Assert.Equal(200, (await gateway.GetAsync("/v1/models", key)).Status);

        var list = await gateway.GetAsync("/manage/keys", admin);
        Assert.Contains((string)created.Json["record"]!["kid"]!, list.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(key[18..], list.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(gateway.Log.Lines, l => l.Contains(key, StringComparison.Ordinal));

        var recorded = Assert.Single(gateway.Stream.Of<KeyEvent>());
        Assert.Equal(("created", admin.Split('_')[2]), (recorded.Act, recorded.By));
        Assert.Equal(created["Proofgate-Audit-Id"], recorded.CorrelationId?.ToString());
    }

    [Fact]
    public async Task OtherTenantsKeys_AreNotListed_AndTheirIdsDoNotExist()
    {
        await using var gateway = await TestGateway.StartAsync();
        var theirs = (await gateway.KeyAsync("developer", "contoso")).Split('_')[2];
        var admin = await gateway.AdministratorAsync("fabrikam");

        Assert.DoesNotContain(theirs, (await gateway.GetAsync("/manage/keys", admin)).Body, StringComparison.Ordinal);
        var foreign = await gateway.PostAsync($"/manage/keys/{theirs}/revoke", string.Empty, admin);
        var unknown = await gateway.PostAsync("/manage/keys/AAAAAAAA/revoke", string.Empty, admin);
        Assert.Equal((404, unknown.Body), (foreign.Status, foreign.Body));
        Assert.Equal(ApiKeyState.Active, gateway.Keys.Records.Single(r => r.Id.ToString() == theirs).State);
        Assert.Empty(gateway.Stream.Of<KeyEvent>());
    }

    [Fact]
    public async Task KeyOfAnotherTenant_CannotBeMade_UnderTheSamplePolicy()
    {
        await using var gateway = await TestGateway.StartAsync();
        var admin = await gateway.AdministratorAsync("fabrikam");
        var answer = await gateway.PostAsync("/manage/keys", """{"name":"n","owner":"o","tenant":"contoso","roles":["administrator"]}""", admin);
        Assert.Equal((403, "policy_denied"), (answer.Status, answer.Code));
        Assert.DoesNotContain(gateway.Keys.Records, static r => r.Tenant == "contoso");
        Assert.Contains("contoso", Assert.Single(gateway.Stream.Of<RefusalEvent>()).Decision!.Resource, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("the patient's name is Smith")]
    [InlineData("")]
    [InlineData("a\\u0000b")]
    public async Task TenantThatIsNoName_Is400_AndNotInTheLedger(string tenant)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.PostAsync("/manage/keys", $$"""{"name":"n","owner":"o","tenant":"{{tenant}}"}""", await gateway.AdministratorAsync());
        Assert.Equal((400, "invalid_key_request"), (answer.Status, answer.Code));
        var refusal = Assert.Single(gateway.Stream.Of<RefusalEvent>());
        Assert.Null(refusal.Decision);
        Assert.DoesNotContain("Smith", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LongestTenantThatABodyHolds_Is400_AndNoFault()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.PostAsync(
            "/manage/keys", $$"""{"name":"n","owner":"o","tenant":"{{new string('t', 60_000)}}"}""", await gateway.AdministratorAsync());
        Assert.Equal((400, "invalid_key_request"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("""{"name":"n","owner":"o","admin":true}""")]
    [InlineData("""{"name":"n","owner":"o","owner":"p"}""")]
    [InlineData("""{"name":"n","owner":"o","roles":null}""")]
    [InlineData("""{"name":"n","owner":"o","roles":[1]}""")]
    [InlineData("""{"name":"\ud800","owner":"o"}""")]
    [InlineData("""{"name":"n","owner":"o","clearance":1e999}""")]
    [InlineData("""{"name":"n","owner":"o","clearance":NaN}""")]
    [InlineData("""{"name":"n","owner":"o","roles":[[[[[[[[["x"]]]]]]]]]}""")]
    [InlineData("""{"name":"n","owner":"o"} {}""")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("")]
    [Trait("Rule", "K9")]
    public async Task BadBody_Is400_AndRecorded(string body)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.PostAsync("/manage/keys", body, await gateway.AdministratorAsync());
        Assert.Equal((400, "invalid_json"), (answer.Status, answer.Code));
        Assert.Equal("application/problem+json", answer["Content-Type"]);
        Assert.Equal("invalid_json", Assert.Single(gateway.Stream.Of<RefusalEvent>()).Reason);
    }

    [Theory]
    [InlineData("roles")]
    [InlineData("actions")]
    [InlineData("models")]
    [InlineData("datasets")]
    [InlineData("networks")]
    public async Task NullInAList_Is400(string member)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.PostAsync("/manage/keys", $$"""{"name":"n","owner":"o","{{member}}":[null]}""", await gateway.AdministratorAsync());
        Assert.Equal((400, "invalid_key_request"), (answer.Status, answer.Code));
        Assert.Contains(member, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EveryProblem_IsListedAtOnce()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.PostAsync(
            "/manage/keys",
            """{"name":"n","owner":"o","ownerKind":"robot","expiresInDays":-1,"neverExpires":true,"maxLabel":"secret","networks":["10.0.0.1/8"]}""",
            await gateway.AdministratorAsync());
        Assert.Equal(400, answer.Status);
        Assert.All(["ownerKind", "expiresInDays", "neverExpires", "maxLabel", "networks"], m => Assert.Contains(m, answer.Body, StringComparison.Ordinal));

        var rules = await gateway.PostAsync("/manage/keys", """{"environment":"prod","clearance":-1}""", await gateway.AdministratorAsync());
        Assert.All(["name", "owner", "environment", "clearance"], m => Assert.Contains(m, rules.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task NamesThatAreTooManyTogether_Are400()
    {
        await using var gateway = await TestGateway.StartAsync();
        var roles = string.Join(',', Enumerable.Range(0, 100).Select(static i => $"\"{new string('r', 158)}{i:00}\""));
        var admin = await gateway.AdministratorAsync();
        Assert.Equal(201, (await gateway.PostAsync("/manage/keys", $$"""{"name":"n","owner":"o","roles":[{{roles}}]}""", admin)).Status);
        var answer = await gateway.PostAsync("/manage/keys", $$"""{"name":"n","owner":"o","roles":[{{roles}}],"models":["m"]}""", admin);
        Assert.Equal((400, "invalid_key_request"), (answer.Status, answer.Code));
        Assert.Contains("16000", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("requestsPerMinute", "10000000", "10000001")]
    [InlineData("requestsPerMinute", "1", "2147483647")]
    [InlineData("tokensPerDay", "1000000000000000", "9223372036854775807")]
    public async Task LargestLimit_CanBeUsed_AndALargerOneIs400(string member, string largest, string larger)
    {
        await using var gateway = await TestGateway.StartAsync();
        var admin = await gateway.AdministratorAsync();
        var created = await gateway.PostAsync("/manage/keys", $$"""{"name":"n","owner":"o","roles":["developer"],"{{member}}":{{largest}}}""", admin);
        Assert.Equal(201, created.Status);
        Assert.Equal(200, (await gateway.ChatAsync((string)created.Json["key"]!)).Status);

        var answer = await gateway.PostAsync("/manage/keys", $$"""{"name":"n","owner":"o","roles":["developer"],"{{member}}":{{larger}}}""", admin);
        Assert.Equal((400, "invalid_key_request"), (answer.Status, answer.Code));
        Assert.Contains(member, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LargeBody_Is413()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.PostAsync("/manage/keys", $$"""{"name":"{{new string('n', 70_000)}}"}""", await gateway.AdministratorAsync());
        Assert.Equal((413, "request_too_large"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task KeyWhoseEventCannotBeRecorded_IsRevoked_AndNotShown()
    {
        await using var gateway = await TestGateway.StartAsync();
        var admin = await gateway.AdministratorAsync();
        gateway.Stream.Down = static e => e is KeyEvent;
        var answer = await gateway.PostAsync("/manage/keys", Samples.NewKey, admin);
        Assert.Equal((503, "audit_unavailable"), (answer.Status, answer.Code));
        Assert.NotNull(answer["Retry-After"]);
        Assert.DoesNotContain("pgk_", answer.Body, StringComparison.Ordinal);
        Assert.Equal(ApiKeyState.Revoked, gateway.Keys.Records.Single(static r => r.Name == "n").State);
        Assert.Equal(503, (await gateway.Stream.OutcomeAsync()).Status);
    }

    [Fact]
    public async Task KeyWhoseRecordingFailsInAnyOtherWay_IsRevokedToo()
    {
        await using var gateway = await TestGateway.StartAsync();
        var admin = await gateway.AdministratorAsync();
        gateway.Stream.Down = static e => e is KeyEvent ? throw new InvalidOperationException("fault") : false;
        Assert.Equal(500, (await gateway.PostAsync("/manage/keys", Samples.NewKey, admin)).Status);
        Assert.Equal(ApiKeyState.Revoked, gateway.Keys.Records.Single(static r => r.Name == "n").State);
    }

    [Fact]
    public async Task RevokedKey_IsRefusedAtOnce_AndRevokingAgainIsNoNewEvent()
    {
        await using var gateway = await TestGateway.StartAsync();
        var admin = await gateway.AdministratorAsync();
        var key = await gateway.DeveloperAsync();
        Assert.Equal(200, (await gateway.GetAsync("/v1/models", key)).Status);
        for (var i = 0; i < 2; i++)
        {
            var answer = await gateway.PostAsync($"/manage/keys/{key.Split('_')[2]}/revoke", string.Empty, admin);
            Assert.Equal((200, "revoked"), (answer.Status, (string?)answer.Json["state"]));
        }

        Assert.Equal(401, (await gateway.GetAsync("/v1/models", key)).Status);
        Assert.Equal("revoked", Assert.Single(gateway.Stream.Of<KeyEvent>()).Act);
    }

    [Fact]
    public async Task Initialization_MakesOneAdministrator_AndIsOver()
    {
        await using var gateway = await TestGateway.StartAsync();
        var first = await gateway.PostAsync("/manage/init", "{}", TestGateway.BootstrapToken);
        Assert.Equal(201, first.Status);
        Assert.Equal(200, (await gateway.GetAsync("/manage/keys", (string?)first.Json["key"])).Status);
        Assert.Equal(("initialized", "system"), (Assert.Single(gateway.Stream.Of<KeyEvent>()).Act, Assert.Single(gateway.Stream.Of<KeyEvent>()).By));

        var second = await gateway.PostAsync("/manage/init", "{}", TestGateway.BootstrapToken);
        Assert.Equal((409, "already_initialized"), (second.Status, second.Code));
        Assert.Contains("already_initialized", await gateway.Refusals.NextAsync(second["Proofgate-Audit-Id"]!), StringComparison.Ordinal);
        Assert.Single(gateway.Keys.Records);
    }

    [Theory]
    [InlineData("wrong-token-of-at-least-thirty-two-characters")]
    [InlineData("bootstrap-token-of-at-least-32-character")]
    [InlineData("bootstrap-token-of-at-least-32-characters ")]
    [InlineData("bootstrap-token-of-at-least-32-charactersX")]
    public async Task WrongToken_Is401_AndRecorded(string token)
    {
        await using var gateway = await TestGateway.StartAsync();
        var request = TestGateway.Post("/manage/init", "{}");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer  {token}".Replace("Bearer  ", token.EndsWith(' ') ? "Bearer  " : "Bearer ", StringComparison.Ordinal));
        var answer = await gateway.SendAsync(request);
        Assert.Equal((401, "invalid_bootstrap_token"), (answer.Status, answer.Code));
        Assert.Contains("error=\"invalid_token\"", answer["WWW-Authenticate"], StringComparison.Ordinal);
        Assert.Contains("bootstrap_token", await gateway.Refusals.NextAsync(answer["Proofgate-Audit-Id"]!), StringComparison.Ordinal);
        Assert.Empty(gateway.Keys.Records);
    }

    [Fact]
    [Trait("Rule", "H3")]
    public async Task NoToken_IsChallengedWithoutError()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.PostAsync("/manage/init", "{}");
        Assert.Equal(401, answer.Status);
        Assert.DoesNotContain("error", answer["WWW-Authenticate"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData(null, null)]
    [InlineData("", "")]
    [InlineData("short-token-of-thirty-one-chars", "short-token-of-thirty-one-chars")]
    public async Task DeploymentWithoutALongToken_CannotBeInitialized(string? configured, string? sent)
    {
        await using var gateway = await TestGateway.StartAsync(("Proofgate:Secrets:Bootstrap", configured));
        Assert.Equal(401, (await gateway.PostAsync("/manage/init", "{}", sent)).Status);
        Assert.Empty(gateway.Keys.Records);
    }

    [Fact]
    public async Task GuessesOfTheToken_AreLimited_ForEachNetwork()
    {
        await using var gateway = await TestGateway.StartAsync(("Proofgate:Identity:LookupsPerMinute", "5"));
        var seen = new List<Answer>();
        for (var i = 0; i < 10; i++)
        {
            var request = TestGateway.Post("/manage/init", "{}");
            request.Headers.Add("X-Forwarded-For", "203.0.113.9");
            seen.Add(await gateway.SendAsync(request, $"guess-{i}"));
        }

        Assert.Equal(429, seen[^1].Status);
        Assert.NotNull(seen[^1]["Retry-After"]);
        Assert.Equal(401, seen[0].Status);
        // Who holds it is not locked out by who guesses elsewhere.
        Assert.Equal(201, (await gateway.PostAsync("/manage/init", "{}", TestGateway.BootstrapToken)).Status);
    }

    [Fact]
    public async Task InitializationThatCannotBeRecorded_IsRevoked_AndSaysWhen()
    {
        await using var gateway = await TestGateway.StartAsync();
        gateway.Stream.Down = static _ => true;
        var answer = await gateway.PostAsync("/manage/init", "{}", TestGateway.BootstrapToken);
        Assert.Equal((503, "audit_unavailable"), (answer.Status, answer.Code));
        Assert.NotNull(answer["Retry-After"]);
        Assert.Equal(ApiKeyState.Revoked, Assert.Single(gateway.Keys.Records).State);
    }

    [Fact]
    public async Task InitializationWithABadBody_IsRefused_AndTheRightIsNotSpent()
    {
        await using var gateway = await TestGateway.StartAsync();
        Assert.Equal(400, (await gateway.PostAsync("/manage/init", """{"role":"board"}""", TestGateway.BootstrapToken)).Status);
        Assert.Equal(400, (await gateway.PostAsync("/manage/init", """{"tenant":"no name"}""", TestGateway.BootstrapToken)).Status);
        Assert.Equal(201, (await gateway.PostAsync("/manage/init", "{}", TestGateway.BootstrapToken)).Status);
    }
}
