using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Proofgate.Identity.Tests.Support;
using Proofgate.Support;
using static Proofgate.Identity.AuthenticationResult;

namespace Proofgate.Identity.Tests.Tokens;

/// <summary>Tokens that other makers' programs have issued or crafted.</summary>
public sealed class PeerTokenTests
{
    [Fact]
    [Trait("Rule", "A1")]
    [Trait("Rule", "A5")]
    public async Task OidcProvider_IssuesTokensThatAreAccepted_BearerAndBound()
    {
        await using var peer = await Peers.StartAsync("oidc-issuer.mjs");
        await using var room = await RoomAsync(peer);
        var tokens = await TokensAsync(peer);
        var caller = await room.AcceptsAsync(tokens["bearer"]);
        Assert.Equal(("peer:assistant", SubjectKind.Client, "assistant", "oidc-key"), (caller.Subject, caller.Kind, caller.Client, caller.SigningKeyId));
        Assert.Equal(["chat.use"], caller.Scopes);
        Assert.Equal("peer:assistant", caller.Account);

        // The binding arrived: without the proof the token is worth nothing.
        Assert.Equal("bound_as_bearer", Assert.IsType<Refused>(await room.BearerAsync(tokens["bound"])).Reason);
        var known = room.Get<Identity.Tokens.TokenCache>();
        Assert.True(known.TryGet(Identity.Tokens.TokenDigest.Of(tokens["bound"]), out var bound));
        Assert.Equal(tokens["thumbprint"], bound.Check.Binding?.KeyThumbprint);
        Assert.Equal(tokens["thumbprint"], bound.Check.Caller.Thumbprint);
    }

    [Fact]
    [Trait("Rule", "A3")]
    [Trait("Rule", "A4")]
    [Trait("Rule", "A6")]
    [Trait("Rule", "A7")]
    [Trait("Rule", "D24")]
    public async Task MockServer_IssuesBrokenTokens_AndEachIsRefused()
    {
        await using var peer = await Peers.StartAsync("mock-issuer.mjs");
        await using var room = await RoomAsync(peer);
        var tokens = await TokensAsync(peer);
        Assert.Equal("peer:ada", (await room.AcceptsAsync(tokens["good"])).Subject);
        foreach (var (name, reason) in new[]
        {
            ("plainType", "token_type"), ("wrongIssuer", "token_issuer"), ("wrongAudience", "token_audience"), ("expired", "expired_token"),
            ("early", "early_token"), ("endless", "token_lifetime"), ("noSubject", "token_claims"), ("noExpiry", "token_claims"), ("unknownKey", "token_key"),
        })
        {
            await room.RefusesAsync(tokens[name], reason);
        }
    }

    [Fact]
    [Trait("Rule", "B1")]
    [Trait("Rule", "B2")]
    [Trait("Rule", "B6")]
    [Trait("Rule", "B10")]
    [Trait("Rule", "B11")]
    [Trait("Rule", "B12")]
    public async Task Jose_CraftsTokens_AndOnlyTheHonestOneIsAccepted()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var trap = await TestIssuer.StartAsync();
        await using var room = issuer.Room();
        await using var peer = await Peers.StartAsync("crafted-tokens.mjs");
        var order = new JsonObject { ["jwk"] = issuer.Key.PrivateJwk(), ["claims"] = issuer.Claims(room), ["trap"] = trap.Address };
        await peer.Input.WriteLineAsync(order.ToJsonString());
        await peer.Input.FlushAsync();
        var tokens = Parse(await peer.WaitForLineAsync(static l => l.StartsWith('{')));
        await room.AcceptsAsync(tokens["good"]);
        foreach (var (name, reason) in new[]
        {
            ("none", "token_form"), ("hmacWithPem", "token_algorithm"), ("hmacWithJwk", "token_algorithm"), ("proofType", "token_type"), ("idType", "token_type"),
            ("crit", "token_header"), ("repeatedClaim", "token_form"), ("nested", "token_form"), ("encrypted", "unrecognized_credential"),
            ("embeddedKey", "token_signature"), ("remoteKey", "token_signature"), ("keyIdPath", "token_key"), ("keyIdAddress", "token_key"),
        })
        {
            await room.RefusesAsync(tokens[name], reason);
        }

        Assert.Equal(14, tokens.Count);
        Assert.Equal(0, trap.Discoveries + trap.KeyReads + trap.Others);
    }

    private static async Task<Room> RoomAsync(ManagedProcess peer)
    {
        var port = (await peer.WaitForLineAsync(static l => l.StartsWith("listening ", StringComparison.Ordinal))).Split(' ')[1];
        return new Room(
            new FakeTimeProvider(TimeProvider.System.GetUtcNow()),
            settings:
            [
                ("Proofgate:Issuers:peer:Issuer", $"http://127.0.0.1:{port}"), ("Proofgate:Issuers:peer:Audiences:0", TestIssuer.Audience),
                ("Proofgate:Issuers:peer:Tenant", "contoso"),
            ]);
    }

    private static async Task<Dictionary<string, string>> TokensAsync(ManagedProcess peer) =>
        Parse((await peer.WaitForLineAsync(static l => l.StartsWith("tokens ", StringComparison.Ordinal)))["tokens ".Length..]);

    private static Dictionary<string, string> Parse(string json) => JsonSerializer.Deserialize<Dictionary<string, string>>(json)!;
}
