using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Proofgate.Identity.Tests.Support;
using static Proofgate.Identity.AuthenticationResult;

namespace Proofgate.Identity.Tests.Certificates;

/// <summary>Tokens that are bound to a client certificate (RFC 8705).</summary>
public sealed class CertificateBindingTests : IDisposable
{
    private const string Header = "X-ARR-ClientCert";

    private readonly X509Certificate2 _own = Create();
    private readonly X509Certificate2 _other = Create();

    [Fact]
    [Trait("Rule", "M1")]
    public async Task Token_IsAccepted_WithItsCertificate_OnTheConnection()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = Room(issuer, "Tls");
        var token = Bound(issuer, room);
        var caller = Assert.IsType<Authenticated>(await AskAsync(room, token, _own)).Caller;
        Assert.True(caller.Bound);
        Assert.Null(caller.Thumbprint);
        Refused(await AskAsync(room, token, _other));
        Assert.IsType<Authenticated>(await AskAsync(room, token, _own));
    }

    [Fact]
    [Trait("Rule", "M7")]
    public async Task Token_IsRefused_WithoutACertificate()
    {
        await using var issuer = await TestIssuer.StartAsync();
        foreach (var source in new[] { "None", "Tls", "Platform" })
        {
            await using var room = Room(issuer, source);
            Refused(await AskAsync(room, Bound(issuer, room), null));
        }
    }

    [Fact]
    [Trait("Rule", "M5")]
    public async Task Header_IsHonoured_OnlyWhereThePlatformSetsIt()
    {
        await using var issuer = await TestIssuer.StartAsync();
        var header = Convert.ToBase64String(_own.RawData);
        foreach (var source in new[] { "None", "Tls" })
        {
            await using var closed = Room(issuer, source);
            Refused(await AskAsync(closed, Bound(issuer, closed), null, (Header, header)));
            Refused(await AskAsync(closed, Bound(issuer, closed), _other, (Header, header)));
        }

        await using var room = Room(issuer, "Platform");
        Assert.IsType<Authenticated>(await AskAsync(room, Bound(issuer, room), null, (Header, header)));

        // There the connection is the front end's, and its certificate nobody's.
        Refused(await AskAsync(room, Bound(issuer, room), _own));
    }

    [Fact]
    [Trait("Rule", "M5")]
    public async Task Header_IsRefused_UnlessItIsOneCertificate()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = Room(issuer, "Platform");
        var good = Convert.ToBase64String(_own.RawData);
        var token = Bound(issuer, room);
        foreach (var header in new[] { "", "*", good + "," + good, _own.ExportCertificatePem(), Convert.ToBase64String(_other.RawData), new string('A', 20_000), good[..^4] })
        {
            Refused(await AskAsync(room, token, null, (Header, header)));
        }

        Refused(await AskAsync(room, token, null, (Header, good), (Header, good)));
        Refused(await AskAsync(room, token, null, (Header, Convert.ToBase64String(_other.RawData)), (Header, good)));
    }

    [Fact]
    [Trait("Rule", "M6")]
    public async Task BothBindings_MustHold_WhereBothAreNamed()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = Room(issuer, "Tls");
        var token = issuer.Token(room, ("cnf", new JsonObject { ["x5t#S256"] = Thumbprint(_own), ["jkt"] = TestKey.Text(new byte[32]) }));

        // The certificate alone does not do; nor does a proof scheme without a good proof.
        var bearer = Assert.IsType<AuthenticationResult.Refused>(await AskAsync(room, token, _own));
        Assert.Equal("bound_as_bearer", bearer.Reason);
        var request = Support.Room.Request("192.0.2.1", ("Authorization", "DPoP " + token)) with { Certificate = _own };
        Assert.IsType<AuthenticationResult.Refused>(await room.Authenticator.AuthenticateAsync(request, CancellationToken.None));
    }

    [Theory]
    [Trait("Rule", "M6")]
    [InlineData(true, true, null)]
    [InlineData(true, false, "wrong_certificate")]
    [InlineData(false, true, "proof_other_key")]
    public async Task BothBindings_AreProved_ByAProofAndACertificate(bool ownKey, bool ownCertificate, string? reason)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = new Room(settings:
            [.. issuer.Settings(), ("Proofgate:Identity:ClientCertificates", "Tls"), ("Proofgate:PublicOrigins:0", Support.Room.Origin)]);
        await room.ReadFeedAsync();
        using var smith = ProofSmith.Create();
        using var stranger = ProofSmith.Create();
        var token = issuer.Token(room, ("cnf", new JsonObject { ["x5t#S256"] = Thumbprint(_own), ["jkt"] = smith.Thumbprint }));
        var request = Support.Room.Request(
            "192.0.2.1", ("Authorization", "DPoP " + token), ("DPoP", (ownKey ? smith : stranger).Make(room.Time, token))) with
        { Certificate = ownCertificate ? _own : _other };
        var answer = await room.Authenticator.AuthenticateAsync(request, CancellationToken.None);
        if (reason is null)
        {
            Assert.True(Assert.IsType<Authenticated>(answer).Caller.Bound);
            return;
        }

        var refused = Assert.IsType<AuthenticationResult.Refused>(answer);
        Assert.Equal((401, "invalid_token", reason), (refused.Status, refused.Code, refused.Reason));
    }

    [Fact]
    [Trait("Rule", "M1")]
    public async Task UnboundToken_GainsNothing_FromACertificate()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var room = Room(issuer, "Tls");
        Assert.False(Assert.IsType<Authenticated>(await AskAsync(room, issuer.Token(room), _own)).Caller.Bound);
    }

    public void Dispose()
    {
        _own.Dispose();
        _other.Dispose();
    }

    private static Room Room(TestIssuer issuer, string source) => new(settings: [.. issuer.Settings(), ("Proofgate:Identity:ClientCertificates", source)]);

    private string Bound(TestIssuer issuer, Room room) => issuer.Token(room, ("cnf", new JsonObject { ["x5t#S256"] = Thumbprint(_own) }));

    private static string Thumbprint(X509Certificate2 certificate) => TestKey.Text(SHA256.HashData(certificate.RawData));

    private static async Task<AuthenticationResult> AskAsync(Room room, string token, X509Certificate2? certificate, params (string Name, string Value)[] headers)
    {
        await room.ReadFeedAsync();
        return await room.Authenticator.AuthenticateAsync(
            Support.Room.Request("192.0.2.1", [("Authorization", "Bearer " + token), .. headers]) with { Certificate = certificate }, CancellationToken.None);
    }

    private static void Refused(AuthenticationResult answer)
    {
        var refused = Assert.IsType<AuthenticationResult.Refused>(answer);
        Assert.Equal((401, "invalid_token", "wrong_certificate"), (refused.Status, refused.Code, refused.Reason));
    }

    private static X509Certificate2 Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
    }
}
