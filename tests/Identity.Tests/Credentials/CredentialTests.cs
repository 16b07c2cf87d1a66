using Proofgate.Identity.ApiKeys;
using Proofgate.Identity.Tests.Support;
using static Proofgate.Identity.AuthenticationResult;

namespace Proofgate.Identity.Tests.Credentials;

/// <summary>Which header carries the credential, and what is said where none or several do.</summary>
public sealed class CredentialTests
{
    private const string Offer = "Bearer realm=\"proofgate\"";

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("authorization", "bearer ")]
    [InlineData("Authorization", "BEARER   ")]
    [InlineData("api-key", "")]
    [InlineData("Api-Key", "")]
    [InlineData("x-api-key", "")]
    public async Task Authenticate_AcceptsTheKey_InEachCarrier(string header, string before)
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key;
        Assert.IsType<Authenticated>(await room.AuthenticateAsync((header, before + key.Reveal())));
    }

    [Theory]
    [Trait("Rule", "D19")]
    [Trait("Rule", "H1")]
    [Trait("Rule", "H3")]
    [InlineData(null, null)]
    [InlineData("Authorization", "")]
    [InlineData("Authorization", "Bearer")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Basic dXNlcjpwYXNz")]
    [InlineData("Authorization", "Digest username=\"a\", realm=\"b\"")]
    [InlineData("api-key", "")]
    [InlineData("DPoP", "a.b.c")]
    public async Task Authenticate_ChallengesWithoutError_WithoutCredential(string? header, string? value)
    {
        await using var room = await Room.ReadyAsync();
        var refused = Assert.IsType<Refused>(await (header is null ? room.AuthenticateAsync() : room.AuthenticateAsync((header, value!))));
        Assert.Equal(401, refused.Status);
        Assert.Null(refused.Code);
        Assert.Equal([Offer], room.ChallengesFor(refused));
        Assert.Equal(0, room.Store.Finds);
    }

    [Theory]
    [Trait("Rule", "D19")]
    [Trait("Rule", "H2")]
    [InlineData("Authorization", "Authorization")]
    [InlineData("Authorization", "api-key")]
    [InlineData("Authorization", "x-api-key")]
    [InlineData("api-key", "x-api-key")]
    [InlineData("api-key", "api-key")]
    public async Task Authenticate_RefusesWith400_TwoCredentials(string one, string other)
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key.Reveal();
        var refused = Assert.IsType<Refused>(await room.AuthenticateAsync((one, Value(one, key)), (other, Value(other, key))));
        Assert.Equal((400, "invalid_request"), (refused.Status, refused.Code));
        Assert.Equal("several_credentials", refused.Reason);
    }

    [Theory]
    [Trait("Rule", "H2")]
    [InlineData("Bearer one, Bearer two")]
    [InlineData("Bearer one two")]
    [InlineData("Bearer \"one\"")]
    [InlineData("Bearer öne")]
    public async Task Authenticate_RefusesWith400_AMalformedHeader(string value)
    {
        await using var room = await Room.ReadyAsync();
        var refused = Assert.IsType<Refused>(await room.AuthenticateAsync(("Authorization", value)));
        Assert.Equal((400, "invalid_request"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task Authenticate_RefusesWith400_ALongerCredentialThanTheLimit()
    {
        await using var room = await Room.ReadyAsync(("Proofgate:Identity:MaxCredentialLength", "600"));
        var fits = Assert.IsType<Refused>(await room.AuthenticateAsync(("api-key", new string('a', 600))));
        var refused = Assert.IsType<Refused>(await room.AuthenticateAsync(("api-key", new string('a', 601))));
        Assert.Equal(401, fits.Status);
        Assert.Equal((400, "credential_too_long"), (refused.Status, refused.Reason));
    }

    [Theory]
    [Trait("Rule", "H1")]
    [Trait("Rule", "H2")]
    [InlineData("Bearer eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln", "jwt_not_accepted")]
    [InlineData("Bearer sk-something", "unrecognized_credential")]
    [InlineData("Bearer pgk_live_Ab3dE6gH_0123456789ABCDEFGHIJKLMNOPQRST0kQGuf", "malformed_key")]
    public async Task Authenticate_AnswersInvalidToken_ToAnythingElse(string value, string reason)
    {
        await using var room = await Room.ReadyAsync();
        var refused = Assert.IsType<Refused>(await room.AuthenticateAsync(("Authorization", value)));
        Assert.Equal((401, "invalid_token", reason), (refused.Status, refused.Code, refused.Reason));
        Assert.Equal([$"{Offer}, error=\"invalid_token\", error_description=\"The credential is not valid.\""], room.ChallengesFor(refused));
    }

    [Fact]
    public async Task Authenticate_AcceptsNoToken_InAKeyHeader()
    {
        await using var room = await Room.ReadyAsync();
        var refused = Assert.IsType<Refused>(await room.AuthenticateAsync(("api-key", "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln")));
        Assert.Equal("malformed_key", refused.Reason);
    }

    [Theory]
    [Trait("Rule", "D16")]
    [Trait("Rule", "D17")]
    [InlineData("DPoP ", null, "dpop_not_accepted")]
    [InlineData("dpop ", null, "dpop_not_accepted")]
    [InlineData("DPoP ", "eyJ0eXAiOiJkcG9wK2p3dCJ9.e30.c2ln", "dpop_not_accepted")]
    [InlineData("Bearer ", "eyJ0eXAiOiJkcG9wK2p3dCJ9.e30.c2ln", "proof_as_bearer")]
    [InlineData("Bearer ", "", "proof_as_bearer")]
    public async Task Authenticate_RefusesAGoodKey_WithASchemeOrProofThatNobodyVerifies(string scheme, string? proof, string reason)
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key.Reveal();
        (string, string) credential = ("Authorization", scheme + key);
        var refused = Assert.IsType<Refused>(
            await (proof is null ? room.AuthenticateAsync(credential) : room.AuthenticateAsync(credential, ("DPoP", proof))));
        Assert.Equal((401, "invalid_token", reason), (refused.Status, refused.Code, refused.Reason));
        var challenge = Assert.Single(room.ChallengesFor(refused));
        Assert.StartsWith("Bearer ", challenge, StringComparison.Ordinal);
        Assert.DoesNotContain("algs", challenge, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Rule", "H4")]
    public async Task Authenticate_ReadsHeadersOnly_NeverThePathOrQuery()
    {
        await using var room = await Room.ReadyAsync();
        var key = (await room.CreateAsync()).Key.Reveal();
        var request = Room.Request("192.0.2.1") with { Path = $"/v1/models?api-key={key}&access_token={key}" };
        var refused = Assert.IsType<Refused>(await room.Authenticator.AuthenticateAsync(request, CancellationToken.None));
        Assert.Equal("no_credential", refused.Reason);

        // Nor is there a way to hand it one: the type has no query and no body.
        Assert.Equal(
            ["Certificate", "Headers", "Method", "Path", "Peer"],
            typeof(PresentedRequest).GetProperties().Select(p => p.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Credential_NeverPrintsItself_InAnyCarrier()
    {
        var key = ApiKey.Create("live").Reveal();
        var credential = new Identity.Credentials.Credential(Identity.Credentials.CredentialCarrier.Bearer, key.AsMemory(), default, null);
        Assert.DoesNotContain(key, credential.ToString(), StringComparison.Ordinal);
    }

    private static string Value(string header, string key) => header == "Authorization" ? "Bearer " + key : key;
}
