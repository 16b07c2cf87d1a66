using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Proofgate.Support;

namespace Proofgate.EndToEnd;

/// <summary>Access tokens of an authorization server that somebody else wrote (oidc-provider), and its client (oauth4webapi).</summary>
public sealed class TokenTests
{
    [Fact]
    [Trait("Rule", "A5")]
    [Trait("Rule", "D10")]
    [Trait("Rule", "D16")]
    public async Task Tokens_AreTaken_BearerAndWithProofsUnderDemandedNonces()
    {
        await using var peer = await Peers.StartAsync("oidc-issuer.mjs");
        var (settings, tokens) = await IssueAsync(peer);
        await using var gateway = await Gateway.StartAsync(settings: [.. settings, ("Proofgate__Dpop__NoncePolicy", "required")]);
        Assert.Equal((200, "assistant"), await ModelsAsync(Http.Client, gateway, (string)tokens["bearer"]!));
        Assert.Equal(401, (await ModelsAsync(Http.Client, gateway, (string)tokens["bound"]!)).Status);

        for (var i = 1; i <= 2; i++)
        {
            peer.Input.WriteLine($"call {gateway.V1}/models");
            await peer.Input.FlushAsync();
            Assert.Equal($"called {i} 200", await peer.WaitForLineAsync($"called {i} "));
        }

        // Another client, which signs in for itself.
        await using var other = await Peers.StartAsync("openid-client-call.mjs", [settings[0].Item2, $"{gateway.V1}/models"]);
        Assert.True(await other.WaitForExitAsync() == 0, string.Join('\n', other.Errors));
        Assert.Equal(["called 200", "called 200"], other.Output);
    }

    [Fact]
    [Trait("Rule", "H10")]
    [Trait("Rule", "H2")]
    public async Task StrongerSignIn_IsAskedFor_WhereItWouldBeAllowed_AndNowhereElse()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in Directory.EnumerateFiles(RepositoryRoot.Of("infra", "policy", "sample")))
        {
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        }

        await File.WriteAllTextAsync(
            Path.Combine(folder.Path, "stepup.cedar"),
            """
            @id("people-sign-in-strongly") @reason("Sign in with a second factor.") @stepup("urn:example:mfa")
            forbid (principal, action == Proofgate::Action::"infer", resource == Proofgate::Model::"assistant")
            when { context.auth.method == "jwt" } unless { context.auth has acr && context.auth.acr == "urn:example:mfa" };
            """);
        await using var peer = await Peers.StartAsync("oidc-issuer.mjs");
        var (settings, tokens) = await IssueAsync(peer);
        await using var gateway = await Gateway.StartAsync(settings: [.. settings, ("Proofgate__Policy__Folder", folder.Path)]);
        var token = (string)tokens["bearer"]!;

        using var weak = await Http.Client.SendAsync(Http.Chat(gateway, Http.Ask("x"), token));
        Assert.Equal(401, (int)weak.StatusCode);
        var challenge = Assert.Single(weak.Headers.WwwAuthenticate).Parameter!;
        Assert.Contains("error=\"insufficient_user_authentication\"", challenge, StringComparison.Ordinal);
        Assert.Contains("acr_values=\"urn:example:mfa\"", challenge, StringComparison.Ordinal);
        Assert.Contains("Sign in with a second factor.", await weak.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // No sign-in makes somebody a member of the board; and a key does not sign in.
        using var forbidden = await Http.Client.SendAsync(Http.Chat(gateway, Http.Ask("x", model: "board-assistant"), token));
        Assert.Equal(403, (int)forbidden.StatusCode);
        Assert.Contains("error=\"insufficient_scope\"", Assert.Single(forbidden.Headers.WwwAuthenticate).Parameter, StringComparison.Ordinal);
        using var key = await Http.Client.SendAsync(Http.Chat(gateway, Http.Ask("x")));
        Assert.Equal(200, (int)key.StatusCode);
    }

    [Fact]
    [Trait("Rule", "M1")]
    [Trait("Rule", "M7")]
    public async Task CertificateBoundToken_WorksOverMutualTlsOfOurOwn_AndWithoutItNot()
    {
        using var folder = new TemporaryFolder();
        using var server = SelfSigned("CN=127.0.0.1");
        using var own = SelfSigned("CN=certified");
        using var other = SelfSigned("CN=other");
        var pem = Path.Combine(folder.Path, "tls.pem");
        await File.WriteAllTextAsync(pem, server.ExportCertificatePem() + "\n" + server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        await using var peer = await Peers.StartAsync("oidc-issuer.mjs", [Convert.ToBase64String(own.RawData)]);
        var (settings, tokens) = await IssueAsync(peer);
        await using var gateway = await Gateway.StartAsync(
            settings: [.. settings, ("Proofgate__SelfHost__TlsCertificate", pem), ("Proofgate__Identity__ClientCertificates", "Tls")]);
        Assert.Equal("https", gateway.Address.Scheme);

        var token = (string)tokens["certified"]!;
        using var with = Client(server, own);
        using var wrong = Client(server, other);
        using var without = Client(server, null);
        Assert.Equal((200, "assistant"), await ModelsAsync(with, gateway, token));
        Assert.Equal(401, (await ModelsAsync(wrong, gateway, token)).Status);
        Assert.Equal(401, (await ModelsAsync(without, gateway, token)).Status);
        Assert.Equal(200, (await ModelsAsync(without, gateway, (string)tokens["bearer"]!)).Status);
    }

    private static async Task<((string, string)[] Settings, JsonObject Tokens)> IssueAsync(ManagedProcess peer)
    {
        var port = (await peer.WaitForLineAsync("listening "))["listening ".Length..];
        var tokens = (await peer.WaitForLineAsync("tokens "))["tokens ".Length..];
        return (
            [
                ("Proofgate__Issuers__peer__Issuer", $"http://127.0.0.1:{port}"), ("Proofgate__Issuers__peer__Audiences__0", "https://gateway.test"),
                ("Proofgate__Issuers__peer__Tenant", "default"), ("Proofgate__Issuers__peer__RolesClaim", "scope"), ("Proofgate__Issuers__peer__RoleMap__chat.use", "developer"),
            ],
            JsonNode.Parse(tokens)!.AsObject());
    }

    private static async Task<(int Status, string? Model)> ModelsAsync(HttpClient http, Gateway gateway, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/v1/models"));
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var answer = await http.SendAsync(request);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return ((int)answer.StatusCode, answer.StatusCode == HttpStatusCode.OK ? (string?)body["data"]![0]!["id"] : null);
    }

    /// <summary>Trusts exactly this server.</summary>
    private static HttpClient Client(X509Certificate2 server, X509Certificate2? own) => new(new SocketsHttpHandler
    {
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.GetRawCertData().AsSpan().SequenceEqual(server.RawData),
            LocalCertificateSelectionCallback = own is null ? null : (_, _, _, _, _) => own,
        },
    });

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
