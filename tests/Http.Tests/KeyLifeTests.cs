using Proofgate.Audit.Events;
using Proofgate.Http.Manage;
using Proofgate.Http.Tests.Support;
using Proofgate.Identity;
using Proofgate.Identity.ApiKeys;

namespace Proofgate.Http.Tests;

/// <summary>Rotation, binding and last use of keys through the front desk.</summary>
public sealed class KeyLifeTests
{
    [Fact]
    [Trait("Rule", "K5")]
    [Trait("Rule", "K9")]
    public async Task RotatedKey_IsShownOnce_Recorded_AndBothKeysWork()
    {
        await using var gateway = await TestGateway.StartAsync();
        var (admin, old) = (await gateway.AdministratorAsync(), await gateway.DeveloperAsync());
        var kid = Kid(old);
        var answer = await gateway.PostAsync($"/manage/keys/{kid}/rotate", """{"overlapHours":2}""", admin);
        Assert.Equal(201, answer.Status);
        var next = (string)answer.Json["key"]!;
        Assert.Equal((kid, Kid(next)), ((string?)answer.Json["record"]!["predecessor"], (string?)answer.Json["retired"]!["successor"]));
        Assert.InRange((DateTimeOffset)answer.Json["retired"]!["expires"]!, TimeProvider.System.GetUtcNow().AddMinutes(115), TimeProvider.System.GetUtcNow().AddMinutes(121));
        Assert.Equal(200, (await gateway.GetAsync("/v1/models", next)).Status);
        Assert.Equal(200, (await gateway.GetAsync("/v1/models", old)).Status);

        var recorded = gateway.Stream.Of<KeyEvent>();
        Assert.Equal([("created", Kid(next)), ("rotated", kid)], recorded.Select(static e => (e.Act, e.KeyId)));
        Assert.All(recorded, e => Assert.Equal((Kid(admin), answer["Proofgate-Audit-Id"]), (e.By, e.CorrelationId?.ToString())));
        Assert.DoesNotContain(gateway.Log.Lines, l => l.Contains(next[18..48], StringComparison.Ordinal));

        var again = await gateway.PostAsync($"/manage/keys/{kid}/rotate", "{}", admin);
        Assert.Equal((409, "key_has_successor"), (again.Status, again.Code));
        Assert.Contains(Kid(next), again.Body, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Rule", "K5")]
    [InlineData("""{"overlapHours":-1}""", 400, "invalid_rotation")]
    [InlineData("""{"overlapHours":721}""", 400, "invalid_rotation")]
    [InlineData("""{"overlapHours":1e300}""", 400, "invalid_rotation")]
    [InlineData("""{"overlapHours":"1"}""", 400, "invalid_json")]
    [InlineData("""{"kid":"x"}""", 400, "invalid_json")]
    [InlineData("", 400, "invalid_json")]
    public async Task BadRotation_ChangesNothing(string body, int status, string code)
    {
        await using var gateway = await TestGateway.StartAsync();
        var (admin, key) = (await gateway.AdministratorAsync(), await gateway.DeveloperAsync());
        var answer = await gateway.PostAsync($"/manage/keys/{Kid(key)}/rotate", body, admin);
        Assert.Equal((status, code), (answer.Status, answer.Code));
        Assert.Equal(2, gateway.Keys.Records.Count());
    }

    [Fact]
    [Trait("Rule", "K8")]
    public async Task List_IsReadPageByPage_WithinBounds_AndHasOnlyTheTenantsKeys()
    {
        await using var gateway = await TestGateway.StartAsync();
        var admin = await gateway.AdministratorAsync();
        var template = gateway.Keys.Records.Single();
        var own = new List<string> { template.Id.ToString() };
        foreach (var isOwn in Enumerable.Repeat(true, KeysEndpoint.MaxKeys + 20).Concat(Enumerable.Repeat(false, KeysEndpoint.MaxLooked)))
        {
            var record = template with { Id = KeyId.New(), Tenant = isOwn ? template.Tenant : "elsewhere" };
            Assert.True(await gateway.Keys.TryInsertAsync(record, CancellationToken.None));
            own.AddRange(isOwn ? [record.Id.ToString()] : []);
        }

        var (listed, pages) = (new List<string>(), 0);
        for (string? next = string.Empty; next is not null; pages++)
        {
            var page = await gateway.GetAsync("/manage/keys" + (next.Length > 0 ? $"?after={next}" : ""), admin);
            Assert.Equal(200, page.Status);
            var kids = page.Json["keys"]!.AsArray().Select(static k => (string)k!["kid"]!).ToList();
            Assert.InRange(kids.Count, 0, KeysEndpoint.MaxKeys);
            listed.AddRange(kids);
            next = (string?)page.Json["next"];
        }

        Assert.InRange(pages, 2, 4);
        Assert.Equal(own.Order(StringComparer.Ordinal), listed);
        Assert.Equal((400, "invalid_place"), (await gateway.GetAsync("/manage/keys?after=x", admin)) is var bad ? (bad.Status, bad.Code) : default);
    }

    [Theory]
    [Trait("Rule", "K4")]
    [Trait("Rule", "K5")]
    [InlineData("rotate", "{}")]
    [InlineData("bind", """{"proof":"e30.e30.e30"}""")]
    public async Task KeyOfAnotherTenant_DoesNotExist_ForItsNeighbours(string act, string body)
    {
        await using var gateway = await TestGateway.StartAsync();
        var theirs = Kid(await gateway.KeyAsync("developer", "contoso"));
        var admin = await gateway.AdministratorAsync("fabrikam");
        var foreign = await gateway.PostAsync($"/manage/keys/{theirs}/{act}", body, admin);
        var unknown = await gateway.PostAsync($"/manage/keys/AAAAAAAA/{act}", body, admin);
        var malformed = await gateway.PostAsync($"/manage/keys/x/{act}", body, admin);
        Assert.Equal((404, unknown.Body, unknown.Body), (foreign.Status, foreign.Body, malformed.Body));
        Assert.Equal(2, gateway.Keys.Records.Count());
        Assert.Empty(gateway.Stream.Of<KeyEvent>());
    }

    [Theory]
    [Trait("Rule", "K4")]
    [Trait("Rule", "K5")]
    [InlineData("rotate", "{}")]
    [InlineData("bind", """{"proof":"e30.e30.e30"}""")]
    public async Task TheKeyItself_IsNotEnough_ToRotateOrBindIt(string act, string body)
    {
        await using var gateway = await TestGateway.StartAsync();
        var key = await gateway.DeveloperAsync();
        var answer = await gateway.PostAsync($"/manage/keys/{Kid(key)}/{act}", body, key);
        Assert.Equal((403, "policy_denied"), (answer.Status, answer.Code));
        Assert.Single(gateway.Keys.Records);
    }

    [Theory]
    [Trait("Rule", "K4")]
    [Trait("Rule", "K5")]
    [InlineData("rotate", "{}")]
    [InlineData("bind", """{"proof":"e30.e30.e30"}""")]
    public async Task RevokedKey_IsNeitherRotatedNorBound(string act, string body)
    {
        await using var gateway = await TestGateway.StartAsync();
        var (admin, key) = (await gateway.AdministratorAsync(), await gateway.DeveloperAsync());
        await gateway.PostAsync($"/manage/keys/{Kid(key)}/revoke", string.Empty, admin);
        var answer = await gateway.PostAsync($"/manage/keys/{Kid(key)}/{act}", body, admin);
        Assert.Equal(act == "rotate" ? 409 : 400, answer.Status);
        Assert.Single(gateway.Stream.Of<KeyEvent>());
    }

    [Theory]
    [Trait("Rule", "K5")]
    [Trait("Rule", "K9")]
    [InlineData("created")]
    [InlineData("rotated")]
    public async Task RotationThatCannotBeRecorded_ChangesNothing_AndShowsNoKey(string act)
    {
        await using var gateway = await TestGateway.StartAsync();
        var (admin, key) = (await gateway.AdministratorAsync(), await gateway.DeveloperAsync());
        gateway.Stream.Down = e => e is KeyEvent made && made.Act == act;
        var answer = await gateway.PostAsync($"/manage/keys/{Kid(key)}/rotate", "{}", admin);
        Assert.Equal((503, "audit_unavailable"), (answer.Status, answer.Code));
        Assert.DoesNotContain("pgk_", answer.Body, StringComparison.Ordinal);
        var old = gateway.Keys.Records.Single(r => r.Id.ToString() == Kid(key));
        Assert.Null(old.Successor);
        Assert.Equal(ApiKeyState.Revoked, gateway.Keys.Records.Single(r => r.Predecessor == old.Id).State);
    }

    [Fact]
    public async Task StoreThatIsOutOfReach_Is503_AndSaysThatNobodyKnows()
    {
        await using var gateway = await TestGateway.StartAsync();
        var admin = await gateway.AdministratorAsync();
        Assert.Equal(200, (await gateway.GetAsync("/manage/keys", admin)).Status);
        gateway.Keys.Fault = new IOException("down");
        foreach (var act in new[] { "rotate", "revoke" })
        {
            var answer = await gateway.PostAsync($"/manage/keys/AAAAAAAA/{act}", "{}", admin);
            Assert.Equal((503, "store_unavailable"), (answer.Status, answer.Code));
            Assert.NotNull(answer["Retry-After"]);
        }
    }

    [Theory]
    [Trait("Rule", "K4")]
    [InlineData("/manage/keys", """{"name":"n","owner":"o","proof":"PROOF"}""")]
    [InlineData("/manage/keys/KID/bind", """{"proof":"PROOF"}""")]
    public async Task BadProof_Is400_AndBindsNothing(string path, string body)
    {
        await using var gateway = await TestGateway.StartAsync(("Proofgate:PublicOrigins:0", "https://gateway.example.com"));
        var (admin, key) = (await gateway.AdministratorAsync(), await gateway.DeveloperAsync());
        var before = gateway.Keys.Records.Count();
        foreach (var proof in new[] { string.Empty, new string('a', 4097) })
        {
            var answer = await gateway.PostAsync(
                path.Replace("KID", Kid(key), StringComparison.Ordinal), body.Replace("PROOF", proof, StringComparison.Ordinal), admin);
            Assert.Equal((400, "invalid_dpop_proof"), (answer.Status, answer.Code));
        }

        Assert.Equal(before, gateway.Keys.Records.Count());
        Assert.All(gateway.Keys.Records, static r => Assert.Null(r.Thumbprint));
        Assert.Empty(gateway.Stream.Of<KeyEvent>());
    }

    [Fact]
    [Trait("Rule", "K4")]
    public async Task ProofWhereNoneIsTaken_Is400()
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.PostAsync("/manage/keys", """{"name":"n","owner":"o","proof":"e30.e30.e30"}""", await gateway.AdministratorAsync());
        Assert.Equal((400, "invalid_dpop_proof"), (answer.Status, answer.Code));
    }

    [Theory]
    [Trait("Rule", "K4")]
    [InlineData("{}")]
    [InlineData("""{"proof":null}""")]
    [InlineData("""{"proof":"e30.e30.e30","kid":"x"}""")]
    public async Task BindingWithoutAProof_IsNoRequest(string body)
    {
        await using var gateway = await TestGateway.StartAsync();
        var answer = await gateway.PostAsync($"/manage/keys/{Kid(await gateway.DeveloperAsync())}/bind", body, await gateway.AdministratorAsync());
        Assert.Equal((400, "invalid_json"), (answer.Status, answer.Code));
    }

    [Fact]
    [Trait("Rule", "K8")]
    public async Task Listing_ShowsTheDayOfTheLastUse()
    {
        await using var gateway = await TestGateway.StartAsync();
        var (admin, used, unused) = (await gateway.AdministratorAsync(), await gateway.DeveloperAsync(), await gateway.DeveloperAsync());
        Assert.Equal(200, (await gateway.GetAsync("/v1/models", used)).Status);
        Assert.True(KeyId.TryParse(Kid(used), out var id));
        var day = await gateway.Uses.DayAsync(id);
        Assert.InRange(day, DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(-1), DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime));

        var list = (await gateway.GetAsync("/manage/keys", admin)).Json["keys"]!.AsArray();
        Assert.Equal($"{day:yyyy-MM-dd}", (string?)list.Single(k => (string?)k!["kid"] == Kid(used))!["lastUsed"]);
        Assert.Null(list.Single(k => (string?)k!["kid"] == Kid(unused))!["lastUsed"]);
    }

    private static string Kid(string key) => key.Split('_')[2];
}
