using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Proofgate.Cli.Tests.Support;
using Proofgate.Policy.Bundles;
using Proofgate.Policy.Signing;

namespace Proofgate.Cli.Tests.Commands;

public sealed class PolicyActivationTests
{
    private const string Active = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    private const string Older = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

    private const string Record =
        $$"""{"act":"activated","sequence":2,"digest":"{{Active}}","previous":"{{Older}}","author":"alice","by":"manage","time":"2026-06-01T12:00:00Z"}""";

    private static string Status(bool needsSignature = false, string source = "store") =>
        $$"""{"source":"{{source}}","digest":"{{Active}}","activation":{{Record}},{{(source == "store" ? "\"nextSequence\":3," : "")}}"requiresApproval":{{(needsSignature ? "true" : "false")}},"needsSignature":{{(needsSignature ? "true" : "false")}},"serving":"{{Active}}","since":"2026-06-01T12:00:00Z"}""";

    [Fact]
    public async Task Keygen_MakesAKeyForItsOwnerOnly_NeverOverAnother_AndPrintsThePublicHalf()
    {
        using var workplace = new Workplace();
        var run = await workplace.RunAsync("policy", "keygen", "alice", "--out", "alice.key");
        Assert.Equal(0, run.Exit);
        var file = Path.Combine(workplace.Folder, "alice.key");
        Assert.True(PolicySigningKey.TryParse(await File.ReadAllTextAsync(file), out var key));
        using (key)
        {
            Assert.Equal($"Proofgate__Policy__TrustedKeys__alice={key.PublicKey.Encoded}", run.Out.Trim());
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.DoesNotContain("PRIVATE", run.Out + run.Error, StringComparison.Ordinal);
        var before = await File.ReadAllTextAsync(file);
        using var again = new Workplace();
        Assert.Equal(2, (await workplace.RunAsync("policy", "keygen", "alice", "--out", "alice.key")).Exit);
        Assert.Equal(before, await File.ReadAllTextAsync(file));
        Assert.Equal(2, (await again.RunAsync("policy", "keygen", "Alice", "--out", "x")).Exit);
        Assert.False(File.Exists(Path.Combine(again.Folder, "x")));
    }

    [Fact]
    public async Task Activate_SignsTheFolder_HasItChecked_AndSendsItOnCondition()
    {
        using var workplace = new Workplace();
        var author = Prepare(workplace);
        await using var gateway = await StartAsync(Status());

        var run = await workplace.RunAsync("policy", "activate", "bundle", "--sign", "alice.key", "--gateway", gateway.Address);

        Assert.True(run.Exit == 0, run.Error);
        Assert.Contains($"Activated {Active} (sequence 2; author alice, signed by manage", run.Out, StringComparison.Ordinal);
        Assert.Equal([("GET", "/manage/policy"), ("POST", "/manage/policy/check"), ("POST", "/manage/policy")], gateway.Requests.Select(static r => (r.Method, r.Path)));
        Assert.Equal($"\"{Active}\"", gateway.Requests[2].Headers["If-Match"]);
        var body = JsonElement.Parse(gateway.Requests[2].Body);
        Assert.False(body.TryGetProperty("activation", out _));
        Assert.True(SignedBundle.TryRead(body.GetProperty("bundle").GetBytesFromBase64(), out var sent, out _));
        Assert.Equal(["bundle.json", "p.cedar"], sent.Files.Keys.Order());
        Assert.Equal(("alice", Active), (sent.Statement.Key, Previous(sent)));
        Assert.DoesNotContain(author.Split('\n')[2], gateway.Requests[2].Body + run.Out + run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PackedBundle_IsApprovedByAnother()
    {
        using var workplace = new Workplace();
        Prepare(workplace);
        await using var gateway = await StartAsync(Status(needsSignature: true));
        Assert.Equal(0, (await workplace.RunAsync("policy", "pack", "bundle", "--sign", "alice.key", "--out", "c.bundle", "--gateway", gateway.Address)).Exit);
        Assert.Equal(3, (await workplace.RunAsync("policy", "pack", "bundle", "--sign", "alice.key", "--out", "c.bundle", "--follows", "none")).Exit);
        Assert.Equal(2, (await workplace.RunAsync("policy", "activate", "c.bundle", "--gateway", gateway.Address)).Exit);
        Assert.DoesNotContain(gateway.Requests, static r => r is { Method: "POST", Path: "/manage/policy" });

        Assert.Equal(0, (await workplace.RunAsync("policy", "activate", "c.bundle", "--approve", "bob.key", "--gateway", gateway.Address)).Exit);
        var body = JsonElement.Parse(gateway.Requests[^1].Body);
        Assert.True(SignedStatement.TryRead(body.GetProperty("activation").GetBytesFromBase64(), out var statement));
        Assert.Equal("bob", statement.Key);
    }

    [Fact]
    public async Task BundleThatIsNotSound_IsNotSent_AndEachProblemIsTold()
    {
        using var workplace = new Workplace();
        Prepare(workplace);
        await using var gateway = await StartAsync(Status(), """{"sound":false,"problems":["one \u001b[2J","two"]}""");

        var run = await workplace.RunAsync("policy", "activate", "bundle", "--sign", "alice.key", "--gateway", gateway.Address, "--json");

        Assert.Equal((5, "bundle_rejected"), (run.Exit, run.Json.GetProperty("error").GetProperty("code").GetString()));
        Assert.Contains("two", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Error);
        Assert.Equal(2, gateway.Requests.Count);
    }

    [Fact]
    public async Task Rollback_GoesToTheOneBefore_OrWhereItIsTold()
    {
        using var workplace = new Workplace();
        await using var gateway = await StartAsync(Status());
        Assert.Equal(0, (await workplace.RunAsync("policy", "rollback", "--gateway", gateway.Address)).Exit);
        Assert.Equal(("/manage/policy/rollback", Older), (gateway.Requests[^1].Path, JsonElement.Parse(gateway.Requests[^1].Body).GetProperty("digest").GetString()));
        var other = new string('c', 64);
        Assert.Equal(0, (await workplace.RunAsync("policy", "rollback", "--to", other, "--gateway", gateway.Address)).Exit);
        Assert.Equal(other, JsonElement.Parse(gateway.Requests[^1].Body).GetProperty("digest").GetString());
        Assert.Equal($"\"{Active}\"", gateway.Requests[^1].Headers["If-Match"]);
        Assert.Equal(2, (await workplace.RunAsync("policy", "rollback", "--to", "abc", "--gateway", gateway.Address)).Exit);
    }

    [Theory]
    [InlineData("policy activate bundle --sign alice.key")]
    [InlineData("policy rollback")]
    public async Task Folder_IsTold_AndNothingIsSent(string line)
    {
        using var workplace = new Workplace();
        Prepare(workplace);
        await using var gateway = await StartAsync(Status(source: "folder"));
        var run = await workplace.RunAsync([.. line.Split(' '), "--gateway", gateway.Address]);
        Assert.Equal(5, run.Exit);
        Assert.Contains("folder", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(gateway.Requests, static r => r.Method == "POST" && r.Path != "/manage/policy/check");
    }

    [Theory]
    [InlineData("policy activate bundle")]
    [InlineData("policy activate bundle --sign bundle/p.cedar")]
    [InlineData("policy activate . --sign alice.key")]
    [InlineData("policy activate alice.key")]
    public async Task WhatIsNoBundleOrNoKey_EndsWith2(string line)
    {
        using var workplace = new Workplace();
        Prepare(workplace);
        await using var gateway = await StartAsync(Status());
        Assert.Equal(2, (await workplace.RunAsync([.. line.Split(' '), "--gateway", gateway.Address])).Exit);
        Assert.Single(gateway.Requests);
    }

    [Fact]
    public async Task Status_IsAFewLines_OrTheDocument()
    {
        using var workplace = new Workplace();
        await using var gateway = await StartAsync(Status());
        var run = await workplace.RunAsync("policy", "status", "--gateway", gateway.Address);
        Assert.Equal(0, run.Exit);
        Assert.Matches($"active +{Active}\nsequence +2, activated 2026-06-01 12:00:00 UTC by manage\nauthor +alice\nbefore +{Older}\nhere +decides by it", run.Out);
        using var other = new Workplace();
        Assert.Equal(3, (await other.RunAsync("policy", "status", "--gateway", gateway.Address, "--json")).Json.GetProperty("nextSequence").GetInt32());
    }

    private static string? Previous(SignedBundle bundle) => JsonElement.Parse(
        JsonElement.Parse(bundle.Statement.Encode()).GetProperty("payload").GetBytesFromBase64()).GetProperty("previous").GetString();

    private static string Prepare(Workplace workplace)
    {
        using var alice = PolicySigningKey.Create("alice");
        using var bob = PolicySigningKey.Create("bob");
        workplace.Write("alice.key", alice.Reveal());
        workplace.Write("bob.key", bob.Reveal());
        workplace.Write("bundle/bundle.json", """{ "name": "test" }""");
        workplace.Write("bundle/p.cedar", """@id("p") permit (principal, action, resource);""");
        workplace.Write("bundle/.hidden", "x");
        return alice.Reveal();
    }

    private static Task<FakeGateway> StartAsync(string status, string check = """{"sound":true,"problems":[]}""") => FakeGateway.StartAsync(async http =>
    {
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync((http.Request.Method, http.Request.Path.Value) switch
        {
            ("GET", _) => status,
            (_, "/manage/policy/check") => check,
            _ => Record,
        });
    });
}
