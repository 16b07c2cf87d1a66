using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Proofgate.Cli.Tests.Support;

namespace Proofgate.Cli.Tests.Commands;

/// <summary>What <c>doctor</c> makes of a gateway that is not well. A running one is looked at in tests/EndToEnd.</summary>
public sealed class DoctorTests
{
    private const string Ready = """{"checks":{"audit":{"ready":true},"policy":{"ready":true,"detail":"abc"}},"status":"ready"}""";

    [Fact]
    public async Task Gateway_IsHealthy_WhenAllIsWell()
    {
        await using var gateway = await PlayAsync();
        using var workplace = new Workplace();
        var run = await workplace.RunAsync("doctor", "--gateway", gateway.Address, "--json");
        Assert.Equal((0, true), (run.Exit, run.Json.GetProperty("healthy").GetBoolean()));
        Assert.DoesNotContain(States(run), static s => s.Value is "failed" or "warning");
        Assert.DoesNotContain(Workplace.Key, run.Out + run.Error, StringComparison.Ordinal);
    }

    /// <summary>Proofs of possession may be 10 s ahead (D11).</summary>
    [Theory]
    [InlineData(2, "ok", 0)]
    [InlineData(8, "warning", 0)]
    [InlineData(-8, "warning", 0)]
    [InlineData(60, "failed", 24)]
    [InlineData(-90, "failed", 24)]
    public async Task Clock_IsComparedWithTheServers(int ahead, string state, int exit)
    {
        using var workplace = new Workplace();
        await using var gateway = await PlayAsync(date: workplace.Time.GetUtcNow().AddSeconds(-ahead));
        var run = await workplace.RunAsync("doctor", "--gateway", gateway.Address, "--json");
        Assert.Equal((exit, state), (run.Exit, States(run)["clock"]));
    }

    [Fact]
    public async Task Dependency_IsNamed_WithWhatMendsIt()
    {
        await using var gateway = await PlayAsync(ready: """{"checks":{"audit":{"ready":false,"detail":"no hub\u001b[31m"},"new":{"ready":false}},"status":"not_ready"}""");
        using var workplace = new Workplace();
        var run = await workplace.RunAsync("doctor", "--gateway", gateway.Address);
        Assert.Equal(24, run.Exit);
        Assert.Contains("FAILED   ready.audit: no hub", run.Out, StringComparison.Ordinal);
        Assert.Contains("-> decisions cannot be made durable", run.Out, StringComparison.Ordinal);
        Assert.Contains("-> see the gateway's log", run.Out, StringComparison.Ordinal);
        Assert.Contains("2 of ", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Out);
    }

    [Theory]
    [InlineData(200, "ok")]
    [InlineData(401, "failed")]
    [InlineData(403, "warning")]
    [InlineData(404, "failed")]
    [InlineData(503, "failed")]
    public async Task Permission_IsWhatTheGatewayAnswers(int status, string state)
    {
        await using var gateway = await PlayAsync(manage: status);
        using var workplace = new Workplace();
        Assert.Equal(state, States(await workplace.RunAsync("doctor", "--gateway", gateway.Address, "--json"))["permissions.keys"]);
    }

    /// <summary>The administration is another app in a deployment; a key that was found beside the local run is not sent there.</summary>
    [Fact]
    public async Task Key_GoesToTheAdministrationThatWasNamed_IfItWasNamedToo()
    {
        await using var gateway = await PlayAsync();
        await using var manage = await PlayAsync();
        using var workplace = new Workplace();
        await workplace.RunAsync("doctor", "--gateway", gateway.Address, "--manage", manage.Address, "--json");
        Assert.Equal(["/manage/keys", "/manage/policy"], manage.Requests.Select(static r => r.Path).Order());
        Assert.DoesNotContain(gateway.Requests, static r => r.Path.StartsWith("/manage", StringComparison.Ordinal));

        workplace.Variables.Remove("PROOFGATE_KEY");
        workplace.WriteState(gateway.Address);
        workplace.Write(".proofgate/admin-key", Workplace.Key);
        var before = manage.Requests.Count;
        await workplace.RunAsync("doctor", "--manage", manage.Address, "--json");
        Assert.Equal(before, manage.Requests.Count);
    }

    [Fact]
    public async Task Key_IsSentOnlyWhereItIsAsked()
    {
        await using var gateway = await PlayAsync();
        using var workplace = new Workplace();
        await workplace.RunAsync("doctor", "--gateway", gateway.Address, "--json");
        Assert.Equal(["/manage/keys", "/manage/policy", "/v1/models"], gateway.Requests.Where(static r => r.Authorization.Length > 0).Select(static r => r.Path).Order());
    }

    [Theory]
    [InlineData("https://other.example", "warning")]
    [InlineData(null, "warning")]
    public async Task Origin_IsWarnedOf_WhereProofsWouldBeRefused(string? resource, string state)
    {
        await using var gateway = await PlayAsync(resource: resource ?? "");
        using var workplace = new Workplace();
        Assert.Equal(state, States(await workplace.RunAsync("doctor", "--gateway", gateway.Address, "--json"))["origin"]);
    }

    [Fact]
    public async Task Issuer_IsAsked_ForItsMetadataAndKeys()
    {
        await using var good = await PlayIssuerAsync(static address => address, """{"keys":[{}]}""");
        await using var otherName = await PlayIssuerAsync(static address => address + "/", """{"keys":[{}]}""");
        await using var keyless = await PlayIssuerAsync(static address => address, """{"keys":[]}""");
        await using var gateway = await PlayAsync(issuers: [good.Address, otherName.Address, keyless.Address, "http://127.0.0.1:1"]);
        using var workplace = new Workplace();
        var states = States(await workplace.RunAsync("doctor", "--gateway", gateway.Address, "--json"));
        Assert.Equal(("ok", "failed", "failed", "failed"), (states[$"issuer {good.Address}"], states[$"issuer {otherName.Address}"], states[$"issuer {keyless.Address}"], states["issuer http://127.0.0.1:1"]));
    }

    [Fact]
    public async Task Gateway_IsSaidToBeAway_AndTheRestIsNotAsked()
    {
        using var workplace = new Workplace();
        var run = await workplace.RunAsync("doctor", "--gateway", "http://127.0.0.1:1", "--json");
        Assert.Equal(24, run.Exit);
        Assert.Equal(["gateway"], States(run).Keys);
    }

    [Fact]
    public async Task Nothing_ToLookAt_IsAnErrorOfUsage()
    {
        using var workplace = new Workplace();
        Assert.Equal(2, (await workplace.RunAsync("doctor")).Exit);
    }

    [Theory]
    [InlineData("[1]", 2)]
    [InlineData("{}", 2)]
    [InlineData("not json", 2)]
    [InlineData(null, 3)]
    public async Task SettingsFile_IsRefused_WhenItIsNone(string? text, int exit)
    {
        using var workplace = new Workplace();
        if (text is not null)
        {
            workplace.Write("settings.json", text);
        }

        Assert.Equal(exit, (await workplace.RunAsync("doctor", "--settings", "settings.json")).Exit);
    }

    [Fact]
    public async Task Settings_OfAnAppThatNamesNothing_FailWhereTheyMust()
    {
        using var workplace = new Workplace();
        workplace.Write("settings.json", """[{"name":"Proofgate__KeyVault__Uri","value":"http://vault.example","slotSetting":false},{"name":"Proofgate__EventHubs__Connection__fullyQualifiedNamespace","value":"no host"}]""");
        var run = await workplace.RunAsync("doctor", "--settings", "settings.json", "--json");
        var states = States(run);
        Assert.Equal((24, "ok", "failed", "failed", "failed"), (run.Exit, states["settings"], states["hub"], states["tables"], states["vault"]));
    }

    private static Task<FakeGateway> PlayAsync(DateTimeOffset? date = null, string ready = Ready, int manage = 200, string? resource = null, params string[] issuers) => FakeGateway.StartAsync(async http =>
    {
        http.Response.Headers.Date = (date ?? new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero)).ToString("R", CultureInfo.InvariantCulture);
        http.Response.StatusCode = http.Request.Path.StartsWithSegments("/manage", StringComparison.Ordinal) ? manage : 200;
        await http.Response.WriteAsync(http.Request.Path.Value switch
        {
            "/readyz" => ready,
            "/.well-known/oauth-protected-resource" => resource is "" ? "{}" : JsonSerializer.Serialize(new { resource = resource ?? $"http://{http.Request.Host}", authorization_servers = issuers }),
            _ => "{}",
        });
    });

    private static Task<FakeGateway> PlayIssuerAsync(Func<string, string> name, string keys) => FakeGateway.StartAsync(http =>
    {
        var address = $"http://{http.Request.Host}";
        return http.Response.WriteAsync(http.Request.Path == "/keys" ? keys : JsonSerializer.Serialize(new { issuer = name(address), jwks_uri = address + "/keys" }));
    });

    private static Dictionary<string, string> States(CliRun run) =>
        run.Json.GetProperty("checks").EnumerateArray().ToDictionary(static c => c.GetProperty("check").GetString()!, static c => c.GetProperty("state").GetString()!);
}
