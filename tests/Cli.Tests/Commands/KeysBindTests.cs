using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Proofgate.Cli.Tests.Support;
using Proofgate.Client;

namespace Proofgate.Cli.Tests.Commands;

[Trait("Rule", "K4")]
public sealed class KeysBindTests
{
    private static readonly string Bound = Samples.Record.Replace("\"state\"", "\"thumbprint\":\"0ZcO\",\"state\"", StringComparison.Ordinal);

    [Fact]
    public async Task Bind_ProvesPossessionForThatOneRequest_WithTheFilesPair()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, Bound);
        using var workplace = new Workplace();
        using var pair = DpopKeyPair.Create();
        pair.Save(Path.Combine(workplace.Folder, "key.pem"));

        var run = await workplace.RunAsync("keys", "bind", "BBBBBBBB", "--key", "key.pem", "--gateway", gateway.Address);

        Assert.Equal((0, "Key BBBBBBBB (billing bot, billing) is bound to key pair 0ZcO."), (run.Exit, run.Out.Trim()));
        Assert.Equal(("POST", "/manage/keys/BBBBBBBB/bind", $"Bearer {Workplace.Key}"), (gateway.Request.Method, gateway.Request.Path, gateway.Request.Authorization));
        var body = JsonElement.Parse(gateway.Request.Body);
        Assert.Equal("proof", Assert.Single(body.EnumerateObject()).Name);
        var claims = SeenProof.Claims(body.GetProperty("proof").GetString()!);
        Assert.Equal(("POST", $"{gateway.Address}/manage/keys/BBBBBBBB/bind"), (claims.GetProperty("htm").GetString(), claims.GetProperty("htu").GetString()));
        Assert.Equal(workplace.Time.GetUtcNow().ToUnixTimeSeconds(), claims.GetProperty("iat").GetInt64());
        Assert.False(claims.TryGetProperty("ath", out _));
    }

    [Fact]
    public async Task Bind_MakesThePair_AndSaysSo_WhereThereIsNone()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, Bound);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "bind", "BBBBBBBB", "--key", "new.pem", "--gateway", gateway.Address, "--json");

        var path = Path.Combine(workplace.Folder, "new.pem");
        Assert.Equal(0, run.Exit);
        Assert.Equal("0ZcO", run.Json.GetProperty("thumbprint").GetString());
        Assert.Contains("new.pem", run.Error, StringComparison.Ordinal);
        using var made = DpopKeyPair.Load(path);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Theory]
    [InlineData("not a key", 2, "key_pair_malformed")]
    [InlineData(null, 3, "key_pair_unwritable")]
    public async Task Bind_AsksForNothing_WithoutAUsablePair(string? content, int exit, string code)
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, Bound);
        using var workplace = new Workplace();
        if (content is not null)
        {
            workplace.Write("key.pem", content);
        }

        var run = await workplace.RunAsync("keys", "bind", "BBBBBBBB", "--key", content is null ? "no/such/folder.pem" : "key.pem", "--gateway", gateway.Address, "--json");

        Assert.Equal((exit, code), (run.Exit, run.Json.GetProperty("error").GetProperty("code").GetString()));
        Assert.Empty(gateway.Requests);
    }

    [Fact]
    public async Task Bind_RepeatsItsProof_WithTheGatewaysNonce()
    {
        var asked = 0;
        await using var gateway = await FakeGateway.StartAsync(async http =>
        {
            http.Response.ContentType = "application/json";
            if (asked++ == 0)
            {
                http.Response.StatusCode = 400;
                http.Response.ContentType = "application/problem+json";
                http.Response.Headers["DPoP-Nonce"] = "n-1";
                await http.Response.WriteAsync("""{"code":"invalid_dpop_proof","detail":"A nonce is needed."}""");
                return;
            }

            await http.Response.WriteAsync(Bound);
        });
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "bind", "BBBBBBBB", "--key", "key.pem", "--gateway", gateway.Address);

        Assert.Equal(0, run.Exit);
        var proof = JsonElement.Parse(gateway.Requests[1].Body).GetProperty("proof").GetString()!;
        Assert.Equal("n-1", SeenProof.Claims(proof).GetProperty("nonce").GetString());
    }

    [Fact]
    public async Task Bind_GivesUp_WhenTheProofIsRefused()
    {
        await using var gateway = await FakeGateway.RefusingAsync(400, "invalid_dpop_proof", "The proof is for another address.");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "bind", "BBBBBBBB", "--key", "key.pem", "--gateway", gateway.Address);

        Assert.Equal(5, run.Exit);
        Assert.Contains("for another address", run.Error, StringComparison.Ordinal);
        Assert.Single(gateway.Requests);
    }

    [Fact]
    public async Task Create_SendsAProofByThePair_WhereTheKeyIsToBeBound()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(201, Samples.Created);
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("keys", "create", "--gateway", gateway.Address, "--name", "n", "--owner", "o", "--bind", "key.pem");

        Assert.Equal(0, run.Exit);
        var claims = SeenProof.Claims(JsonElement.Parse(gateway.Request.Body).GetProperty("proof").GetString()!);
        Assert.Equal(("POST", $"{gateway.Address}/manage/keys"), (claims.GetProperty("htm").GetString(), claims.GetProperty("htu").GetString()));
        Assert.True(File.Exists(Path.Combine(workplace.Folder, "key.pem")));
        Assert.Contains("key.pem", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dpop_SendsTheKeyWithAProof_OnEveryCommand()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, """{"keys":[]}""");
        using var workplace = new Workplace();
        using var pair = DpopKeyPair.Create();
        pair.Save(Path.Combine(workplace.Folder, "key.pem"));

        var run = await workplace.RunAsync("keys", "list", "--dpop", "key.pem", "--gateway", gateway.Address);

        Assert.Equal(0, run.Exit);
        Assert.Equal($"DPoP {Workplace.Key}", gateway.Request.Authorization);
        var claims = SeenProof.Claims(gateway.Request.Headers["DPoP"]);
        Assert.Equal(("GET", $"{gateway.Address}/manage/keys"), (claims.GetProperty("htm").GetString(), claims.GetProperty("htu").GetString()));
        Assert.True(claims.TryGetProperty("ath", out _));
    }

    [Fact]
    public async Task Dpop_IsAnError_WhenThereIsNoSuchFile()
    {
        await using var gateway = await FakeGateway.AnsweringAsync(200, """{"keys":[]}""");
        using var workplace = new Workplace();

        var run = await workplace.RunAsync("chat", "hi", "--dpop", "none.pem", "--gateway", gateway.Address, "--json");

        Assert.Equal((3, "key_pair_unreadable"), (run.Exit, run.Json.GetProperty("error").GetProperty("code").GetString()));
        Assert.False(File.Exists(Path.Combine(workplace.Folder, "none.pem")));
        Assert.Empty(gateway.Requests);
    }
}
